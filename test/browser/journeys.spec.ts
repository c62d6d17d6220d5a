import { describeInBrowser } from '../support/browser.js';
import { Journeys } from '../support/journey.js';
import { auditorJourney } from './journeys/auditor.js';
import { citizenJourney } from './journeys/citizen.js';
import { districtJourney } from './journeys/district.js';
import { leaderJourney } from './journeys/leader.js';
import { organiserJourney } from './journeys/organiser.js';
import { partnerJourney } from './journeys/partner.js';

/** Each person's whole way through the example, in the order in which one builds on the other. */
describeInBrowser('journeys', () => {
  const journeys = new Journeys();
  beforeAll(() => journeys.start(), 300_000);
  afterAll(() => journeys.stop());
  citizenJourney(journeys);
  leaderJourney(journeys);
  organiserJourney(journeys);
  districtJourney(journeys);
  partnerJourney(journeys);
  auditorJourney(journeys);
});
