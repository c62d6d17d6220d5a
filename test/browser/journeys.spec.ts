import { describeInBrowser } from '../support/browser.js';
import { Journeys } from '../support/journey.js';
import { auditor } from './journeys/auditor.js';
import { citizen } from './journeys/citizen.js';
import { leader } from './journeys/leader.js';
import { organiser } from './journeys/organiser.js';
import { partner } from './journeys/partner.js';

/** Each person's whole way through the example, in the order in which one builds on the other. */
describeInBrowser('journeys', () => {
  const journeys = new Journeys();
  beforeAll(() => journeys.start(), 300_000);
  afterAll(() => journeys.stop());
  citizen(journeys);
  leader(journeys);
  organiser(journeys);
  partner(journeys);
  auditor(journeys);
});
