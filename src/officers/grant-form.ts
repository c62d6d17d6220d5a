import type { DataSource } from 'typeorm';
import { ROLES } from '../platform/http/access.js';
import { posted } from '../platform/http/form.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import type { NewGrant } from './accounts.service.js';

/** What is typed to give a right: a role, a unit by code or full name, a campaign by slug; empty means everywhere. */
export interface GrantForm {
  role: string;
  unit: string;
  campaign: string;
}

export const grantForm = (body: unknown): GrantForm => ({
  role: posted(body, 'role'),
  unit: posted(body, 'unit'),
  campaign: posted(body, 'campaign'),
});

/** @throws InputError beside the fields. */
export async function grantOf(db: DataSource, form: GrantForm): Promise<NewGrant> {
  const role = ROLES.find((one) => one === form.role);
  const units = form.unit ? await unitsCalled(db, form.unit) : [];
  const [campaign] = await db.query<{ id: number }[]>(`select id from campaign where slug = $1`, [
    form.campaign,
  ]);
  const findings: Finding[] = [];
  if (!role) findings.push({ field: 'role', code: 'errors.findings.isIn' });
  if (form.unit && units.length === 0)
    findings.push({ field: 'unit', code: 'officers.findings.unit.unknown' });
  if (units.length > 1) findings.push({ field: 'unit', code: 'officers.findings.unit.several' });
  if (form.campaign && !campaign) findings.push({ field: 'campaign', code: 'errors.findings.isIn' });
  if (findings.length > 0 || !role) throw new InputError(findings);
  return { role, unitId: units[0]?.id ?? null, campaignId: campaign?.id ?? null };
}

/** By code, or by name when only one has it; as it is called now, or was last. */
const unitsCalled = (db: DataSource, text: string) =>
  db.query<{ id: number }[]>(
    `with named as (
       select distinct on (unit_id) unit_id as id, code, full_name from unit_version
       order by unit_id, valid_from desc nulls last)
     select id from named where code = $1
     union
     select id from named where lower(full_name) = lower($1) limit 2`,
    [text],
  );
