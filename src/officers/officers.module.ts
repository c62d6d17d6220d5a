import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { JournalModule } from '../journal/journal.module.js';
import { Attempts } from './attempts.service.js';
import { Cookies } from './cookies.js';
import { Csrf } from './csrf.js';
import { Guard } from './guard.js';
import { Officers } from './officers.service.js';
import { SecondFactor } from './second-factor.service.js';
import { Sessions } from './sessions.service.js';
import { SignInFirstFilter } from './sign-in-first.filter.js';
import { SignIn } from './sign-in.service.js';

@Module({
  imports: [JournalModule],
  providers: [
    Attempts,
    Cookies,
    Csrf,
    Officers,
    SecondFactor,
    Sessions,
    SignIn,
    { provide: APP_GUARD, useClass: Guard },
    { provide: APP_FILTER, useClass: SignInFirstFilter },
  ],
  exports: [Officers],
})
export class OfficersModule {}
