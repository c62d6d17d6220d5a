import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JournalModule } from '../journal/journal.module.js';
import { AccountPages } from './account.pages.js';
import { Accounts } from './accounts.service.js';
import { Attempts } from './attempts.service.js';
import { Cookies } from './cookies.js';
import { Csrf } from './csrf.js';
import { DemoAccounts } from './demo-accounts.service.js';
import { Guard } from './guard.js';
import { OfficersQueries } from './officers.queries.js';
import { Officers } from './officers.service.js';
import { Organisations } from './organisations.service.js';
import { SecondFactor } from './second-factor.service.js';
import { Sessions } from './sessions.service.js';
import { SignInPages } from './sign-in.pages.js';
import { SignIn } from './sign-in.service.js';

@Module({
  imports: [JournalModule],
  controllers: [AccountPages, SignInPages],
  providers: [
    Accounts,
    Attempts,
    Cookies,
    Csrf,
    DemoAccounts,
    Officers,
    OfficersQueries,
    Organisations,
    SecondFactor,
    Sessions,
    SignIn,
    { provide: APP_GUARD, useClass: Guard },
  ],
  exports: [Accounts, DemoAccounts, Officers, Organisations],
})
export class OfficersModule {}
