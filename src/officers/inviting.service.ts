import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Config } from '../platform/config.js';
import type { Officer } from '../platform/http/access.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { type GrantForm, grantOf } from './grant-form.js';
import { Invitations } from './invitations.service.js';
import { Officers } from './officers.service.js';

export interface InvitationForm extends GrantForm {
  name: string;
  /** The code of the organisation. */
  organisation: string;
}

/** From the form to the link. */
@Injectable()
export class Inviting {
  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
    private readonly invitations: Invitations,
    private readonly officers: Officers,
  ) {}

  /** @returns the address of the link. @throws InputError beside the fields. */
  async invite(officer: Officer, form: InvitationForm): Promise<string> {
    const [organisation] = await this.db.query<{ id: number }[]>(
      `select id from organisation where code = $1`,
      [form.organisation],
    );
    const findings: Finding[] = [];
    if (form.name.length < 2 || form.name.length > 100)
      findings.push({ field: 'name', code: 'officers.findings.name' });
    if (!organisation) findings.push({ field: 'organisation', code: 'errors.findings.isIn' });
    const grant = await grantOf(this.db, form).catch((fault: unknown) => {
      if (!(fault instanceof InputError)) throw fault;
      findings.push(...fault.findings);
      return undefined;
    });
    if (findings.length > 0 || !organisation || !grant) throw new InputError(findings);
    const invitation = { name: form.name, organisationId: organisation.id, grants: [grant] };
    const secret = await this.db.transaction((tx) => this.invitations.issue(tx, officer.id, invitation));
    return `${this.config.PUBLIC_URL}/officers/welcome/${secret}`;
  }

  /** Organisers withdraw their own invitations, administrators everybody's. */
  async withdraw(officer: Officer, id: number): Promise<void> {
    await this.db.transaction(async (tx) => {
      const [found] = await tx.query<{ by: number | null }[]>(
        `select invited_by as by from invitation where id = $1 for update`,
        [id],
      );
      if (!found) throw new NotFoundException();
      if (found.by !== officer.id) await this.officers.demand(officer, 'administrator', {}, tx);
      await this.invitations.withdraw(tx, officer.id, id);
    });
  }
}
