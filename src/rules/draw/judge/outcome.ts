import { documentHash, textHash } from '../digest.js';
import type { DrawResult, Strike } from '../documents.js';
import type { EntryList } from '../entries.js';
import type { Findings } from '../finding.js';

/** Protocol §6: the published result is the one that the published facts give, winner by winner. */
export function judgeOutcome(
  published: DrawResult,
  computed: DrawResult,
  file: { readonly where: string; readonly text: string },
  findings: Findings,
): void {
  const { where } = file;
  findings.compare('root-differs', where, published.root, computed.root);
  findings.compare('size-differs', where, published.size, computed.size);
  findings.compare('seed-differs', where, published.seed, computed.seed);
  findings.compare('result-hash', where, textHash(file.text), documentHash(computed));
  judgeOrder(published, computed, where, findings);
  judgeEach(published.winners, computed.winners, 'winner-differs', `${where} winner`, winnerText, findings);
  judgeEach(
    published.skipped,
    computed.skipped,
    'skipped-differs',
    `${where} skipped`,
    skippedText,
    findings,
  );
  findings.compare(
    'undrawn-differs',
    where,
    `${published.winners.length} winners`,
    `${computed.winners.length} winners`,
  );
  if (published.skipped.length !== computed.skipped.length)
    findings.add(
      'skipped-differs',
      where,
      `${published.skipped.length} skipped`,
      `${computed.skipped.length} skipped`,
    );
}

/** Every published position holds the entry that the order puts there. */
function judgeOrder(published: DrawResult, computed: DrawResult, where: string, findings: Findings): void {
  const order = new Map(
    [...computed.winners, ...computed.skipped].map(({ position, code }) => [position, code]),
  );
  for (const { position, code } of [...published.winners, ...published.skipped]) {
    const expected = order.get(position) ?? 'nobody: the draw was over before';
    findings.compare('order-differs', `${where} position ${position}`, code, expected);
  }
}

function judgeEach<Item>(
  published: readonly Item[],
  computed: readonly Item[],
  code: 'winner-differs' | 'skipped-differs',
  where: string,
  textOf: (item: Item) => string,
  findings: Findings,
): void {
  for (let at = 0; at < Math.min(published.length, computed.length); at++)
    findings.compare(code, `${where} ${at + 1}`, textOf(published[at]!), textOf(computed[at]!));
}

const winnerText = ({ prize, place, code, holder, position }: DrawResult['winners'][number]) =>
  `${prize}/${place}: ${code} ${holder} at ${position}`;
const skippedText = ({ position, code, reason }: DrawResult['skipped'][number]) =>
  `${code} at ${position}: ${reason}`;

/** Protocol §3 and §8: a strike names an entry of the list, a reason and two offices, and came before the seed. */
export function judgeStrikes(
  strikes: readonly Strike[],
  list: EntryList | undefined,
  where: string,
  before: number | undefined,
  findings: Findings,
): void {
  const seen = new Set<string>();
  for (const { code, reason, at, by } of strikes) {
    const add = (published: string, wanted: string) =>
      findings.add('strike-unjustified', `${where} ${code}`, published, wanted);
    if (seen.has(code)) add('struck twice', 'once');
    seen.add(code);
    if (reason.trim() === '') add('no reason', 'a reason');
    if (new Set(by).size < 2) add(by.join(', ') || 'nobody', 'two different offices');
    if (before !== undefined && Date.parse(at) / 1000 >= before) add(at, 'before the seed was known');
    if (list && list.find(code) === undefined) add(code, 'a code on the list');
  }
}
