import { folded, nameKey, spelledOut } from './unit-name.js';

export type UnitKind = 'province' | 'district' | 'commune' | 'department' | 'agency';

/** A unit under one name, from `validFrom` up to but not including `validTo`; null: without end on that side. */
export interface UnitVersion {
  readonly id: number;
  readonly unitId: number;
  readonly code: string;
  readonly name: string;
  readonly fullName: string;
  readonly kind: UnitKind;
  readonly type: string;
  readonly parentId: number | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

export type Found =
  | { readonly unit: UnitVersion; readonly by: 'code' | 'name' | 'old-name' }
  | { readonly unit: null; readonly why: 'unknown' }
  | { readonly unit: null; readonly why: 'ambiguous'; readonly candidates: readonly UnitVersion[] }
  | { readonly unit: null; readonly why: 'not-on-date'; readonly candidates: readonly UnitVersion[] }
  | { readonly unit: null; readonly why: 'code-names-another'; readonly candidates: readonly UnitVersion[] };

export interface Sought {
  readonly code?: string;
  readonly name?: string;
  readonly on: string;
}

export const inForce = ({ validFrom, validTo }: UnitVersion, day: string) =>
  (validFrom === null || validFrom <= day) && (validTo === null || day < validTo);

/** Finds units by what people write: a code or a name of that day, with its old names, and never a guess between two. */
export class UnitIndex {
  private readonly byCode = new Map<string, UnitVersion[]>();
  private readonly byName = new Map<string, UnitVersion[]>();
  private readonly byFolded = new Map<string, UnitVersion[]>();
  private readonly byUnit = new Map<number, UnitVersion[]>();
  private readonly answers = new Map<string, Found>();

  /** @param among the units that may be meant, all when left out: "Tân Tiến" is seven communes in the country, one in a district. */
  constructor(versions: readonly UnitVersion[], among?: ReadonlySet<number>) {
    for (const version of versions) {
      add(this.byUnit, version.unitId, version);
      add(this.byCode, version.code.toLowerCase(), version);
      if (among && !among.has(version.unitId)) continue;
      for (const name of new Set([version.name, version.fullName])) {
        add(this.byName, nameKey(name), version);
        add(this.byFolded, folded(name), version);
      }
    }
  }

  /** The unit's version of that day; undefined when it did not exist then. */
  versionOf(unitId: number, day: string): UnitVersion | undefined {
    return this.byUnit.get(unitId)?.find((version) => inForce(version, day));
  }

  find({ code = '', name = '', on }: Sought): Found {
    const question = `${code}\u0000${name}\u0000${on}`;
    const known = this.answers.get(question);
    if (known) return known;
    const found = code ? this.byCodeAndName(code, name, on) : this.named(name, on);
    this.answers.set(question, found);
    return found;
  }

  private byCodeAndName(code: string, name: string, on: string): Found {
    const bearers = this.byCode.get(code.trim().toLowerCase()) ?? [];
    if (bearers.length === 0) return { unit: null, why: 'unknown' };
    const bearer = bearers.find((version) => inForce(version, on));
    if (!bearer) return { unit: null, why: 'not-on-date', candidates: bearers };
    if (name && !this.answersTo(bearer, name))
      return { unit: null, why: 'code-names-another', candidates: [bearer] };
    return { unit: bearer, by: 'code' };
  }

  private answersTo({ unitId }: UnitVersion, name: string): boolean {
    const full = folded(spelledOut(name));
    return (this.byUnit.get(unitId) ?? []).some(
      (version) => folded(version.fullName) === full || folded(version.name) === full,
    );
  }

  /** Exact name first, then without marks; each first among the units of that day, then among their earlier names. */
  private named(name: string, on: string): Found {
    const full = spelledOut(name);
    const tries = [this.byName.get(nameKey(full)), this.byFolded.get(folded(full))];
    for (const versions of tries) {
      const today = oncePerUnit((versions ?? []).filter((version) => inForce(version, on)));
      if (today.length > 1) return { unit: null, why: 'ambiguous', candidates: today };
      if (today[0]) return { unit: today[0], by: 'name' };
    }
    const ever = oncePerUnit(tries.find((versions) => versions?.length) ?? []);
    if (ever.length === 0) return { unit: null, why: 'unknown' };
    const alive = ever.flatMap(({ unitId }) => this.versionOf(unitId, on) ?? []);
    if (alive.length > 1) return { unit: null, why: 'ambiguous', candidates: alive };
    if (alive[0]) return { unit: alive[0], by: 'old-name' };
    return { unit: null, why: 'not-on-date', candidates: ever };
  }
}

function add<K>(map: Map<K, UnitVersion[]>, key: K, version: UnitVersion): void {
  const list = map.get(key);
  if (list) list.push(version);
  else map.set(key, [version]);
}

const oncePerUnit = (versions: readonly UnitVersion[]) => [
  ...new Map(versions.map((version) => [version.unitId, version])).values(),
];
