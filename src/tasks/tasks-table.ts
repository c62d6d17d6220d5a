import { decimal, tableOf, worded, type Table } from '../platform/tables/table.js';
import type { BurnUpDay, Task } from './tasks.queries.js';

/** The tasks of a plan and how far each is. */
export const tasksTable = (slug: string, tasks: readonly Task[]): Table =>
  tableOf(`tasks-${slug}`, tasks, {
    number: (one) => one.ordinal,
    task: (one) => ({ vi: one.titleVi, en: one.titleEn, code: null }),
    owner: (one) => one.owner,
    weight: (one) => decimal(one.weight),
    due_on: (one) => one.dueOn,
    status: (one) => worded(one.status, 'tasks.statuses'),
    status_on: (one) => one.statusOn,
    note: (one) => one.note,
    dropped_on: (one) => one.droppedOn,
  });

/** Scope, begun and done on each day. */
export const burnUpTable = (slug: string, days: readonly BurnUpDay[]): Table =>
  tableOf(`tasks-burn-up-${slug}`, days, {
    day: ({ day }) => day,
    scope: ({ scope }) => scope,
    under_way: ({ underWay }) => underWay,
    done: ({ done }) => done,
  });
