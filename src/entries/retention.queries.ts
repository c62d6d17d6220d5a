import type { EntityManager } from 'typeorm';

/** Sealed data of nothing: version, length of the key id, key id, nonce (12), tag (16), and no text. */
const EMPTY = (column: string) => `octet_length(${column}) = get_byte(${column}, 1) + 30`;

/** Draws of the promotion ($1). */
const DRAWS = `select d.id from draw d join draw_period p on p.id = d.draw_period_id where p.campaign_id = $1`;
const NOT_VOID = `not exists (select from draw_act v where v.draw_id = w.draw_id and v.state = 'void')`;
const WON = `select w.payer_id from winner w where w.draw_id in (${DRAWS}) and ${NOT_VOID}`;

/** People of the promotion who won nothing and are still known. */
const PEOPLE = `promotion_id = $1 and not ${EMPTY('sealed')} and id not in (${WON})`;
const REFERENCES = `promotion_id = $1 and payer_id not in (${WON}) and (dossier_code is not null or bank_ref is not null)`;
const ASIDE = `batch_id in (select id from import_batch where promotion_id = $1)`;
const CONTRADICTIONS = `promotion_id = $1 and not ${EMPTY('sealed')}`;
const CONTACTS = `draw_id in (${DRAWS}) and sealed is not null`;
const EXCLUDED = `exclusion_list_id in (select id from exclusion_list where promotion_id = $1)`;

/** What still says something about people, in figures. */
export interface Remaining {
  readonly people: number;
  readonly references: number;
  readonly setAside: number;
  readonly contradictions: number;
  readonly secrets: number;
  readonly contacts: number;
  readonly excluded: number;
  /** What partners' programs sent and nobody imported. */
  readonly feeds: number;
}

export async function remaining(tx: EntityManager, promotionId: number): Promise<Remaining> {
  const [row] = await tx.query<Remaining[]>(
    `select (select count(*) from payer where ${PEOPLE})::int as people,
       (select count(*) from payment where ${REFERENCES})::int as "references",
       (select count(*) from quarantined_row where ${ASIDE})::int as "setAside",
       (select count(*) from payment_conflict where ${CONTRADICTIONS})::int as contradictions,
       (select count(*) from draw_secret where draw_id in (${DRAWS}))::int as secrets,
       (select count(*) from objection where ${CONTACTS})::int as contacts,
       (select count(*) from exclusion where ${EXCLUDED})::int as excluded,
       (select count(*) from batch_feed where ${ASIDE})::int as feeds`,
    [promotionId],
  );
  return row!;
}

/** Takes all of it away; `nothing` is sealed data of no text. A mark that cannot be matched stands where the keyed one stood. */
export async function removeAll(tx: EntityManager, promotionId: number, nothing: Buffer): Promise<void> {
  await tx.query(
    `update payer set sealed = $2, phone_mark = null,
       identity_mark = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) where ${PEOPLE}`,
    [promotionId, nothing],
  );
  await tx.query(`update payment_conflict set sealed = $2 where ${CONTRADICTIONS}`, [promotionId, nothing]);
  for (const statement of [
    `update payment set dossier_code = null, bank_ref = null where ${REFERENCES}`,
    `update objection set sealed = null where ${CONTACTS}`,
    `delete from quarantined_row where ${ASIDE}`,
    `delete from batch_feed where ${ASIDE}`,
    `delete from draw_secret where draw_id in (${DRAWS})`,
    `delete from exclusion where ${EXCLUDED}`,
  ])
    await tx.query(statement, [promotionId]);
}

/** When the promotion was over, what is still open of it, and until when personal data are kept. */
export interface Ending {
  readonly overAt: Date;
  readonly until: Date;
  readonly months: number;
  readonly basis: string;
  readonly undrawn: number;
  readonly unclaimed: number;
  readonly waiting: number;
  readonly undecided: number;
}

export async function endingOf(tx: EntityManager, promotionId: number): Promise<Ending> {
  const [row] = await tx.query<Ending[]>(
    `with ended as (
       select greatest((c.ends_on + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh',
         (select max(a.at) from draw_act a where a.draw_id in (${DRAWS})),
         (select max(s.at) from winner_step s join winner w on w.id = s.winner_id where w.draw_id in (${DRAWS}))) as at
       from campaign c where c.id = $1),
     rule as (
       select value::int as months, basis_en as basis from legal_parameter, ended
       where name = 'retention-months' and valid_from <= ended.at::date order by valid_from desc limit 1)
     select ended.at as "overAt", ended.at + make_interval(months => rule.months) as until, rule.months, rule.basis,
       (select count(*) from draw_period p where p.campaign_id = $1 and not exists (
          select from draw w join draw_act a on a.draw_id = w.id and a.replacement = 0 and a.state = 'published'
          where w.draw_period_id = p.id and ${NOT_VOID.replace('w.draw_id', 'w.id')}))::int as undrawn,
       (select count(*) from winner w where w.draw_id in (${DRAWS}) and ${NOT_VOID} and not exists (
          select from winner_step s where s.winner_id = w.id
          and s.kind in ('handed-over', 'refused', 'expired', 'disqualified')))::int as unclaimed,
       (select count(*) from import_batch where promotion_id = $1 and state in ('waiting', 'running'))::int as waiting,
       (select count(*) from payment_conflict where promotion_id = $1 and decision is null)::int as undecided
     from ended, rule`,
    [promotionId],
  );
  return row!;
}

/** The first time it was done. */
export async function firstRemoval(
  tx: EntityManager,
  subject: string,
): Promise<{ id: number; at: Date } | undefined> {
  const rows = await tx.query<{ id: number; at: Date }[]>(
    `select id, at from journal_entry where act = 'personal-data.removed' and subject = $1 order by id limit 1`,
    [subject],
  );
  return rows[0];
}
