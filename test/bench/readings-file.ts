/** A file of daily readings: every commune, every indicator, every day; and the list of units it speaks of. */
export const communeCodes = (communes: number): string[] =>
  Array.from({ length: communes }, (_, at) => String(20_000 + at));

export const unitsFile = (codes: readonly string[]): Buffer =>
  Buffer.from(
    [
      'code,level,type,full_name,parent_code',
      '70,province,Tỉnh,Tỉnh Bình Phước,',
      ...codes.map((code) => `${code},commune,Xã,Xã Số ${code},70`),
    ].join('\n'),
  );

export function readingsFile(codes: readonly string[], indicators: readonly string[], days: number): Buffer {
  const lines = ['date,unit_code,indicator,numerator,denominator'];
  for (let day = 0; day < days; day++) {
    const on = new Date(Date.UTC(2022, 5, 1 + day)).toISOString().slice(0, 10);
    for (const [at, code] of codes.entries())
      for (const [of, indicator] of indicators.entries())
        lines.push(`${on},${code},${indicator},${(day * 7 + at * 3 + of) % 40},${40 + ((day + at) % 20)}`);
  }
  return Buffer.from(lines.join('\n'));
}

/** What the plan of the campaign begins with, for these communes alone. */
export const driveOf = (communes: readonly number[]) => ({
  slug: 'nhieu-bao-cao',
  titleVi: 'Nhiều báo cáo',
  titleEn: 'Many readings',
  startsOn: '2022-06-01',
  decisionRef: '1/KH',
  units: { districts: [], departments: [], communes },
});

/** The file is handed in past the lock and counts at once. */
export const HANDED_IN = {
  slug: 'nhieu-bao-cao',
  source: 'file',
  approve: true,
  pastLock: true,
  officer: null,
  allowed: null,
} as const;
