import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { OPERATOR } from './first-administrator.service.js';
import { type Invitation, Invitations } from './invitations.service.js';
import { Organisations } from './organisations.service.js';

export interface NewcomerForm {
  login: string;
  name: string;
  /** Asked of the very first administrator alone. */
  organisation: string;
}

/** The first sign-in: an invitation becomes an account. */
@Injectable()
export class Welcome {
  constructor(
    private readonly db: DataSource,
    private readonly invitations: Invitations,
    private readonly organisations: Organisations,
  ) {}

  invitation(secret: string): Promise<Invitation> {
    return this.invitations.find(this.db.manager, secret);
  }

  /** @throws InputError with everything that is wrong with the form; the link stays good. */
  async accept(
    secret: string,
    form: NewcomerForm,
    chosen: { password: string; findings: Finding[] },
  ): Promise<void> {
    const login = form.login.toLowerCase();
    await this.db.transaction(async (tx) => {
      const { organisationId } = await this.invitations.find(tx, secret);
      const findings = [...faultsOf(login, form, organisationId === null), ...chosen.findings];
      if (findings.length > 0) throw new InputError(findings);
      await this.invitations.accept(tx, secret, {
        login,
        name: form.name,
        password: chosen.password,
        organisationId: organisationId ?? (await this.firstOrganisation(tx, form.organisation)),
      });
    });
  }

  private firstOrganisation(tx: EntityManager, name: string): Promise<number> {
    return this.organisations.ensure(tx, { ...OPERATOR, name });
  }
}

function faultsOf(login: string, { name, organisation }: NewcomerForm, isFirst: boolean): Finding[] {
  const findings: Finding[] = [];
  if (!/^[a-z0-9][a-z0-9._@+-]{2,99}$/.test(login))
    findings.push({ field: 'login', code: 'officers.findings.login.form' });
  if (name.length < 2 || name.length > 100) findings.push({ field: 'name', code: 'officers.findings.name' });
  if (isFirst && (organisation.length < 2 || organisation.length > 200))
    findings.push({ field: 'organisation', code: 'officers.findings.organisation' });
  return findings;
}
