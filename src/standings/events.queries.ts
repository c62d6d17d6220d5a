import type { DataSource } from 'typeorm';

export interface FeedEvent {
  readonly token: string;
  readonly type:
    'reading.approved' | 'standings.published' | 'board.freeze' | 'board.thaw' | 'board.finalise';
  readonly at: Date;
  readonly data: Record<string, unknown>;
}

/**
 * What happened to a campaign in the order it began to count, from after a token. A token is an instant with a counter:
 * whoever keeps the last one goes on from there after any pause.
 */
export const eventsSince = (
  db: DataSource,
  campaignId: number,
  since: { at: string; key: string },
  until: Date,
  limit: number,
): Promise<{ at: string; key: string; type: FeedEvent['type']; data: Record<string, unknown> }[]> =>
  db.query(
    `select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, key, type, data from (
       select r.approved_at as at, 'r' || lpad(r.id::text, 12, '0') as key, 'reading.approved' as type,
              json_build_object('reading', r.id, 'unit', r.unit_id, 'indicator', i.code, 'from', r.from_on, 'until', r.to_on,
                'numerator', r.numerator, 'denominator', r.denominator, 'value', r.value, 'corrects', r.supersedes_id) as data
         from reading r join indicator i on i.id = r.indicator_id
        where r.campaign_id = $1 and r.approved_at >= $2::timestamptz
       union all
       select published_at, 's' || lpad(id::text, 12, '0'), 'standings.published',
              json_build_object('number', number, 'kind', kind, 'asOf', as_of, 'sha256', sha256,
                'leaders', (select json_agg(json_build_object('group', g ->> 'code', 'unit', g -> 'units' -> 0 ->> 'code',
                              'changed', (g -> 'units' -> 0 ->> 'id') is distinct from (
                                select h -> 'units' -> 0 ->> 'id' from publication before, json_array_elements(before.content::json -> 'groups') h
                                 where before.campaign_id = p.campaign_id and before.number = p.number - 1 and h ->> 'code' = g ->> 'code')))
                              from json_array_elements(p.content::json -> 'groups') g))
         from publication p where campaign_id = $1 and published_at >= $2::timestamptz
       union all
       select acted_at, 't' || lpad(id::text, 12, '0'), 'board.' || act, json_build_object('asOf', as_of)
         from board_act where campaign_id = $1 and acted_at >= $2::timestamptz) e
      where (at, key) > ($2::timestamptz, $3) and at <= $4 order by at, key limit $5`,
    [campaignId, since.at, since.key, until, limit],
  );
