import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { Journal } from '../journal/journal.service.js';
import { Officers } from '../officers/officers.service.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { localDate } from '../platform/http/format.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import { tasksOf, type Task, type TaskStatus } from './tasks.queries.js';

export interface NewTask {
  readonly titleVi: string;
  readonly titleEn: string;
  readonly ownerUnitId: number | null;
  readonly dueOn: string;
}

export interface Step {
  readonly status: string;
  readonly happenedOn: string;
  readonly note: string;
}

const STATUSES: readonly TaskStatus[] = ['not-started', 'under-way', 'done'];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The tasks of a plan and how far they are; progress is a log, and a task is dropped, never deleted. */
@Injectable()
export class Tasks {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly officers: Officers,
  ) {}

  async add(tx: EntityManager, officer: Officer, campaign: Campaign, task: NewTask): Promise<void> {
    await this.officers.demand(
      officer,
      'organiser',
      { unitId: campaign.unitId, campaignId: campaign.id },
      tx,
    );
    const today = this.today();
    const addedOn = today < campaign.startsOn ? campaign.startsOn : today;
    const findings: Finding[] = [];
    for (const field of ['titleVi', 'titleEn'] as const)
      if (!task[field])
        findings.push({
          field,
          code: 'tasks.findings.title-missing',
          got: '',
          expected: 'Tập huấn tổ công nghệ số cộng đồng',
        });
    if (!DAY.test(task.dueOn) || task.dueOn < campaign.startsOn)
      findings.push({
        field: 'dueOn',
        code: 'tasks.findings.due',
        got: task.dueOn,
        expected: campaign.startsOn,
      });
    if (findings.length > 0) throw new InputError(findings);
    await tx.query(
      `insert into task (campaign_id, ordinal, title_vi, title_en, owner_unit_id, starts_on, due_on, added_on, created_by)
       select $1, coalesce(max(ordinal), 0) + 1, $2, $3, $4, least($5::date, $6::date), $6, $5, $7 from task where campaign_id = $1`,
      [campaign.id, task.titleVi, task.titleEn, task.ownerUnitId, addedOn, task.dueOn, officer.id],
    );
    await this.journal.record(tx, {
      officer: officer.id,
      act: 'task.added',
      subject: `campaign/${campaign.slug}`,
      facts: { addedOn, dueOn: task.dueOn },
    });
  }

  /** Notes how far a task is on a day; the owner's reporter may, and the organiser. */
  async progress(
    tx: EntityManager,
    officer: Officer,
    campaign: Campaign,
    taskId: number,
    { status, happenedOn, note }: Step,
  ): Promise<void> {
    const task = await this.task(tx, campaign, taskId);
    const reach = { unitId: task.ownerUnitId ?? campaign.unitId, campaignId: campaign.id };
    await this.officers.demand(officer, ['reporter', 'organiser'], reach, tx);
    const known = STATUSES.find((one) => one === status);
    const findings: Finding[] = [];
    if (!known)
      findings.push({
        field: `status-${taskId}`,
        code: 'tasks.findings.status',
        got: status,
        expected: STATUSES.length,
      });
    if (!DAY.test(happenedOn) || happenedOn < task.addedOn || happenedOn > this.today())
      findings.push({
        field: `happenedOn-${taskId}`,
        code: 'tasks.findings.day',
        got: happenedOn,
        expected: `${task.addedOn} … ${this.today()}`,
      });
    if (findings.length > 0) throw new InputError(findings);
    await tx.query(
      `insert into task_progress (task_id, happened_on, status, note, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6)`,
      [taskId, happenedOn, known, note || null, this.clock.now(), officer.id],
    );
    await this.journal.record(tx, {
      officer: officer.id,
      act: 'task.moved',
      subject: `campaign/${campaign.slug}/task/${task.ordinal}`,
      facts: { status: known, happenedOn },
    });
  }

  async drop(
    tx: EntityManager,
    officer: Officer,
    campaign: Campaign,
    taskId: number,
    reason: string,
  ): Promise<void> {
    await this.officers.demand(
      officer,
      'organiser',
      { unitId: campaign.unitId, campaignId: campaign.id },
      tx,
    );
    const task = await this.task(tx, campaign, taskId);
    if (!reason)
      throw new InputError([
        {
          field: `reason-${taskId}`,
          code: 'tasks.findings.reason-missing',
          got: '',
          expected: 'chuyển sang quý sau',
        },
      ]);
    const today = this.today();
    await tx.query(
      'update task set dropped_on = greatest($2::date, added_on), dropped_reason = $3 where id = $1 and dropped_on is null',
      [taskId, today, reason],
    );
    await this.journal.record(tx, {
      officer: officer.id,
      act: 'task.dropped',
      subject: `campaign/${campaign.slug}/task/${task.ordinal}`,
    });
  }

  today(): string {
    return localDate(this.clock.now());
  }

  private async task(tx: EntityManager, campaign: Campaign, taskId: number): Promise<Task> {
    const task = (await tasksOf(tx, campaign.id, '9999-12-31')).find(({ id }) => id === taskId);
    if (!task) throw new NotFoundException();
    return task;
  }
}
