import type { DataSource, EntityManager } from 'typeorm';

type Database = DataSource | EntityManager;
export type TaskStatus = 'not-started' | 'under-way' | 'done';

export interface Task {
  readonly id: number;
  readonly ordinal: number;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly ownerUnitId: number | null;
  readonly owner: string | null;
  readonly startsOn: string;
  readonly dueOn: string;
  readonly weight: string | null;
  readonly addedOn: string;
  readonly droppedOn: string | null;
  readonly status: TaskStatus;
  readonly statusOn: string | null;
  readonly note: string | null;
  readonly steps: number;
}

/** Tasks as they stood on a day: the last progress that happened on or before it. */
export const tasksOf = (db: Database, campaignId: number, on: string): Promise<Task[]> =>
  db.query(
    `select t.id, t.ordinal, t.title_vi as "titleVi", t.title_en as "titleEn", t.owner_unit_id as "ownerUnitId", u.full_name as owner,
            t.starts_on as "startsOn", t.due_on as "dueOn", trim_scale(t.weight)::text as weight, t.added_on as "addedOn",
            t.dropped_on as "droppedOn", coalesce(p.status, 'not-started') as status, p.happened_on as "statusOn", p.note,
            (select count(*)::int from task_progress a where a.task_id = t.id) as steps
       from task t join campaign c on c.id = t.campaign_id
       left join unit_version u on u.unit_id = t.owner_unit_id and daterange(u.valid_from, u.valid_to) @> c.units_as_of
       left join lateral (select status, happened_on, note from task_progress p where p.task_id = t.id and p.happened_on <= $2
                           order by p.happened_on desc, p.id desc limit 1) p on true
      where t.campaign_id = $1 and t.added_on <= $2 order by t.ordinal`,
    [campaignId, on],
  );

export interface BurnUpDay {
  readonly day: string;
  /** Tasks of the plan on that day: what was added, less what was dropped. */
  readonly scope: number;
  readonly underWay: number;
  readonly done: number;
}

/** Scope and done day by day, so that work added after the launch stays visible. */
export const burnUpOf = (
  db: Database,
  campaignId: number,
  from: string,
  until: string,
): Promise<BurnUpDay[]> =>
  db.query(
    `select d::date as day, count(t.id)::int as scope, count(t.id) filter (where p.status = 'under-way')::int as "underWay",
            count(t.id) filter (where p.status = 'done')::int as done
       from generate_series($2::date, $3::date, '1 day') d
       left join task t on t.campaign_id = $1 and t.added_on <= d::date and (t.dropped_on is null or d::date < t.dropped_on)
       left join lateral (select status from task_progress p where p.task_id = t.id and p.happened_on <= d::date
                           order by p.happened_on desc, p.id desc limit 1) p on true
      group by d order by d`,
    [campaignId, from, until],
  );

export interface TaskProgress {
  readonly happenedOn: string;
  readonly status: TaskStatus;
  readonly note: string | null;
  readonly recordedAt: Date;
  readonly by: string | null;
}

export const progressOf = (db: Database, taskId: number): Promise<TaskProgress[]> =>
  db.query(
    `select p.happened_on as "happenedOn", p.status, p.note, p.recorded_at as "recordedAt", o.name as by
       from task_progress p left join officer o on o.id = p.recorded_by where p.task_id = $1 order by p.happened_on desc, p.id desc`,
    [taskId],
  );
