import type { EntityManager } from 'typeorm';
import type { TaskPlan } from '../indicators/indicator-plan.js';
import type { UnitIds } from './drive-plan.js';

/** One task of the example: title in both languages, who owns it, its days, and how it went. The wording is the example's own. */
interface DemoTask {
  readonly vi: string;
  readonly en: string;
  readonly owner: string;
  readonly from: string;
  readonly due: string;
  readonly begun?: string;
  readonly done?: string;
}

const TASKS: readonly DemoTask[] = [
  {
    vi: 'Ban hành kế hoạch và phân công chỉ tiêu cho từng đơn vị',
    en: 'Issue the plan and give each unit its targets',
    owner: '70-STTTT',
    from: '2022-06-01',
    due: '2022-06-07',
    begun: '2022-06-01',
    done: '2022-06-06',
  },
  {
    vi: 'Rà soát danh mục dịch vụ công trực tuyến',
    en: 'Review the list of online services',
    owner: '70-STTTT',
    from: '2022-06-01',
    due: '2022-06-15',
    begun: '2022-06-02',
    done: '2022-06-14',
  },
  {
    vi: 'Thành lập tổ công nghệ số cộng đồng ở các thôn, ấp, khu phố',
    en: 'Found community digital teams in hamlets and quarters',
    owner: '70-SNV',
    from: '2022-06-01',
    due: '2022-07-15',
    begun: '2022-06-08',
    done: '2022-07-12',
  },
  {
    vi: 'Tập huấn tổ công nghệ số cộng đồng',
    en: 'Train the community digital teams',
    owner: '70-STTTT',
    from: '2022-06-20',
    due: '2022-07-31',
    begun: '2022-06-27',
    done: '2022-07-29',
  },
  {
    vi: 'Số hóa hồ sơ còn hiệu lực tại bộ phận một cửa',
    en: 'Digitise valid dossiers at the one-stop counters',
    owner: '70-SNV',
    from: '2022-06-01',
    due: '2022-08-31',
    begun: '2022-06-10',
  },
  {
    vi: 'Kết nối cổng dịch vụ công với cổng thanh toán',
    en: 'Connect the service portal with the payment portal',
    owner: '70-STC',
    from: '2022-06-01',
    due: '2022-06-30',
    begun: '2022-06-03',
    done: '2022-07-04',
  },
  {
    vi: 'Đưa biên lai điện tử vào thu phí, lệ phí',
    en: 'Bring electronic receipts to fees',
    owner: '70-STC',
    from: '2022-06-15',
    due: '2022-07-31',
    begun: '2022-07-01',
    done: '2022-08-02',
  },
  {
    vi: 'Cấp chữ ký số cho công chức một cửa',
    en: 'Give signing keys to the officers of the counters',
    owner: '70-STTTT',
    from: '2022-06-01',
    due: '2022-07-15',
    begun: '2022-06-15',
    done: '2022-07-15',
  },
  {
    vi: 'Truyền thông về dịch vụ công trực tuyến',
    en: 'Tell people about online services',
    owner: '70-SVHTTDL',
    from: '2022-06-01',
    due: '2022-08-31',
    begun: '2022-06-05',
  },
  {
    vi: 'Sơ kết và khen thưởng đợt một',
    en: 'Interim review and first awards',
    owner: '70-SNV',
    from: '2022-07-01',
    due: '2022-07-08',
    begun: '2022-07-02',
    done: '2022-07-07',
  },
  {
    vi: 'Trường học thu học phí không dùng tiền mặt',
    en: 'Schools take fees without cash',
    owner: '70-SGDDT',
    from: '2022-07-01',
    due: '2022-08-31',
  },
  {
    vi: 'Cơ sở y tế thanh toán viện phí không dùng tiền mặt',
    en: 'Hospitals take payments without cash',
    owner: '70-SYT',
    from: '2022-07-01',
    due: '2022-08-31',
  },
  {
    vi: 'Khảo sát mức độ hài lòng của người dân',
    en: 'Ask people how satisfied they are',
    owner: '70-SNV',
    from: '2022-08-01',
    due: '2022-08-25',
  },
  {
    vi: 'Chuẩn bị tổng kết chiến dịch',
    en: 'Prepare the final review',
    owner: '70-STTTT',
    from: '2022-08-15',
    due: '2022-09-15',
  },
];

export const driveTasks = (unitIds: UnitIds): TaskPlan[] =>
  TASKS.map(({ vi, en, owner, from, due }) => ({
    titleVi: vi,
    titleEn: en,
    ownerUnitId: unitIds(owner),
    startsOn: from,
    dueOn: due,
  }));

/** How the tasks went, each step noted on its day. */
export async function noteProgress(tx: EntityManager, slug: string, officer: number): Promise<void> {
  const steps = TASKS.flatMap(({ begun, done }, at) => [
    ...(begun ? [{ ordinal: at + 1, on: begun, status: 'under-way' }] : []),
    ...(done ? [{ ordinal: at + 1, on: done, status: 'done' }] : []),
  ]);
  await tx.query(
    `insert into task_progress (task_id, happened_on, status, recorded_at, recorded_by)
     select t.id, s.on_day, s.status, (s.on_day + time '10:00') at time zone 'Asia/Ho_Chi_Minh', $5
       from unnest($2::int[], $3::date[], $4::text[]) s(ordinal, on_day, status)
       join campaign c on c.slug = $1 join task t on t.campaign_id = c.id and t.ordinal = s.ordinal
      order by s.on_day, s.ordinal`,
    [
      slug,
      steps.map(({ ordinal }) => ordinal),
      steps.map(({ on }) => on),
      steps.map(({ status }) => status),
      officer,
    ],
  );
}
