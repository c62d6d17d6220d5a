import { startApp, type TestApp } from './support/app.js';
import { makeDrive, type TestDrive } from './support/drive.js';
import { signIn, type SignedInAgent } from './support/sign-in.js';

describe('tasks of a plan', () => {
  let app: TestApp;
  let drive: TestDrive;
  let organiser: SignedInAgent;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2022-05-20T03:00:00Z');
    drive = await makeDrive(app, (plan) => ({
      ...plan,
      tasks: Array.from({ length: 14 }, (_, at) => ({
        titleVi: `Nhiệm vụ ${at + 1}`,
        titleEn: `Task ${at + 1}`,
        startsOn: '2022-06-01',
        dueOn: '2022-08-31',
      })),
    }));
    app.clock.set('2022-06-05T03:00:00Z');
    organiser = await signIn(app, { roles: [{ role: 'organiser', unitId: drive.unit['70'] }] });
  });
  afterAll(() => app.close());

  const path = (rest = '') => `/office/tasks/${drive.slug}${rest}`;
  const ids = async () =>
    (await app.db.query<{ id: number }[]>('select id from task order by ordinal')).map(({ id }) => id);
  const move = (agent: SignedInAgent, id: number, status: string, happenedOn: string) =>
    agent.form(path(`/${id}/progress`), { [`status-${id}`]: status, [`happenedOn-${id}`]: happenedOn });

  it('burn up: scope with what was added later, and what is done, day by day', async () => {
    const [first = 0, second = 0, third = 0] = await ids();
    await move(organiser, first, 'under-way', '2022-06-02').expect(303);
    await move(organiser, first, 'done', '2022-06-04').expect(303);
    await move(organiser, second, 'under-way', '2022-06-03').expect(303);
    await organiser
      .form(path(), {
        titleVi: 'Thêm',
        titleEn: 'Added',
        dueOn: '2022-07-01',
        owner: String(drive.unit['688']),
      })
      .expect(303);
    await organiser.form(path(`/${third}/drop`), { [`reason-${third}`]: 'chuyển quý sau' }).expect(303);
    const { body } = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/tasks`).expect(200);
    expect((body as { burnUp: object[] }).burnUp).toEqual([
      { day: '2022-06-01', scope: 14, underWay: 0, done: 0 },
      { day: '2022-06-02', scope: 14, underWay: 1, done: 0 },
      { day: '2022-06-03', scope: 14, underWay: 2, done: 0 },
      { day: '2022-06-04', scope: 14, underWay: 1, done: 1 },
      { day: '2022-06-05', scope: 14, underWay: 1, done: 1 },
    ]);
    const files = `/api/v1/campaigns/${drive.slug}/tasks`;
    const csv = (await app.visitor().get(`${files}.csv`).expect(200)).text.split('\r\n');
    expect(csv.slice(0, 2)).toEqual([
      '\uFEFFSố thứ tự,Nhiệm vụ,Đơn vị chủ trì,Trọng số,Hạn,Tình trạng,Cập nhật ngày,Ghi chú,Bỏ khỏi kế hoạch ngày',
      '1,Nhiệm vụ 1,,,2022-08-31,Đã xong,2022-06-04,,',
    ]);
    expect((await app.visitor().get(`${files}/burn-up.csv?lang=en`)).text).toContain(
      'Day,Tasks,Under way,Done\r\n2022-06-01,14,0,0',
    );
    const counts = (body as { tasks: { status: string; droppedOn: string | null }[] }).tasks
      .filter(({ droppedOn }) => !droppedOn)
      .map(({ status }) => status);
    expect([counts.filter((one) => one === 'not-started').length, counts.length]).toEqual([12, 14]);
  });

  it('are moved by their owner or the organiser, on days that have been', async () => {
    const [, second = 0] = await ids();
    const owned = (await ids()).at(-1) ?? 0;
    const owner = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['688'] }] });
    await move(owner, owned, 'done', '2022-06-05').expect(303);
    await move(owner, second, 'done', '2022-06-05').expect(403);
    expect((await move(organiser, second, 'done', '2022-06-06').expect(422)).text).toContain(
      'phải trong khoảng',
    );
    await move(organiser, second, 'nearly', '2022-06-05').expect(422);
    await expect(app.db.query('update task_progress set status = $1', ['done'])).rejects.toThrow(
      'append-only',
    );
  });
});
