import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JournalModule } from '../journal/journal.module.js';
import { Accounts } from './accounts.service.js';
import { Attempts } from './attempts.service.js';
import { ChoicesQueries } from './choices.queries.js';
import { Cookies } from './cookies.js';
import { Csrf } from './csrf.js';
import { DemoAccounts } from './demo-accounts.service.js';
import { FirstAdministrator } from './first-administrator.service.js';
import { Guard } from './guard.js';
import { InvitationsPages } from './invitations.pages.js';
import { Invitations } from './invitations.service.js';
import { Inviting } from './inviting.service.js';
import { OfficerActsPages } from './officer-acts.pages.js';
import { OfficerAdministration } from './officer-administration.service.js';
import { OfficerPage } from './officer-page.js';
import { OfficersApi } from './officers.api.js';
import { OfficersPages } from './officers.pages.js';
import { OfficersQueries } from './officers.queries.js';
import { Officers } from './officers.service.js';
import { OneTimeLinkPages } from './one-time-link.pages.js';
import { OrganisationsPages } from './organisations.pages.js';
import { Organisations } from './organisations.service.js';
import { OwnAccountPages } from './own-account.pages.js';
import { OwnAccount } from './own-account.service.js';
import { Resets } from './resets.service.js';
import { SecondFactorPages } from './second-factor.pages.js';
import { SecondFactor } from './second-factor.service.js';
import { Sessions } from './sessions.service.js';
import { SignInPages } from './sign-in.pages.js';
import { SignIn } from './sign-in.service.js';
import { Welcome } from './welcome.service.js';

@Module({
  imports: [JournalModule],
  controllers: [
    SignInPages,
    OneTimeLinkPages,
    OwnAccountPages,
    SecondFactorPages,
    InvitationsPages,
    OrganisationsPages,
    OfficersPages,
    OfficersApi,
    OfficerActsPages,
  ],
  providers: [
    Accounts,
    Attempts,
    ChoicesQueries,
    Cookies,
    Csrf,
    DemoAccounts,
    FirstAdministrator,
    Invitations,
    Inviting,
    OfficerAdministration,
    OfficerPage,
    Officers,
    OfficersQueries,
    Organisations,
    OwnAccount,
    Resets,
    SecondFactor,
    Sessions,
    SignIn,
    Welcome,
    { provide: APP_GUARD, useClass: Guard },
  ],
  exports: [Accounts, DemoAccounts, FirstAdministrator, Officers, Organisations, Resets],
})
export class OfficersModule {}
