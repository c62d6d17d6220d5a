/** What the judge says in words, whole, with the part that is a value in brackets. Anything else is a value itself. */
const PHRASES: readonly (readonly [name: string, phrase: RegExp])[] = [
  ['each-code-once', /^each code once$/],
  ['ascending-codes', /^ascending codes$/],
  ['no-line-feed', /^no line feed at the end$/],
  ['line-feed', /^a line feed$/],
  ['no-such-file', /^no such file$/],
  ['list-of-entries', /^the list of entries$/],
  ['struck-twice', /^struck twice$/],
  ['once', /^once$/],
  ['no-reason', /^no reason$/],
  ['reason', /^a reason$/],
  ['nobody', /^nobody$/],
  ['draw-was-over', /^nobody: the draw was over before$/],
  ['two-offices', /^two different offices$/],
  ['before-the-seed', /^before the seed was known$/],
  ['code-on-the-list', /^a code on the list$/],
  ['false-signature', /^its signature is not valid$/],
  ['line-of', /^a line of (.+)$/s],
  ['not-signed', /^not signed by the operator$/],
  ['malformed', /^malformed$/],
  ['signed-list', /^a signed list of files$/],
  ['not-in-list', /^not in files\.txt$/],
  ['not-utf8', /^not UTF-8$/],
  ['json-document', /^a JSON document$/],
  ['protocol-shape', /^the shape of the protocol$/],
  ['signed-note', /^a signed note$/],
  ['four-lines', /^a checkpoint of four lines$/],
  ['keys-with-ids', /^public keys with their ids$/],
  ['nothing', /^nothing$/],
  ['value-of-kind', /^a value of kind (.+)$/s],
  ['source-in-rules', /^a source named in the rules$/],
  ['matches', /^matches (.+)$/s],
  ['known-chain', /^a chain we know$/],
  ['after', /^after (.+)$/s],
  ['round-signature', /^the signature of round (.+)$/s],
  ['some-key', /^a valid signature of a key to check it with$/],
  ['valid-signature', /^a valid signature of (.+)$/s],
  ['some-of', /^(\d+) of (.+)$/s],
  ['winners', /^(\d+) winners$/],
  ['skipped', /^(\d+) skipped$/],
  ['standing-place', /^a place that is won and not vacated yet$/],
  ['no-such-day', /^no such day$/],
  ['signed-payments', /^(\d+) payments signed for by the partner$/],
];

type Say = (key: string, variables?: Record<string, string>) => string;

/** A published or computed value of a finding in the reader's language. */
export function detailText(detail: string, say: Say): string {
  for (const [name, phrase] of PHRASES) {
    const match = phrase.exec(detail);
    if (match) return say(`verify.detail.${name}`, { value: match[1] ?? '', of: match[2] ?? '' });
  }
  return detail;
}
