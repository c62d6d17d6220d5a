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

/** What a document had to be, and what it was instead: `prizes[2].quantity: wanted a whole number from 1 to 9, got nothing`. */
const FAULT = /^([\w.[\]]{1,200}): wanted (.+?)(?:, got (.*))?$/s;

const WANTED: readonly (readonly [name: string, phrase: RegExp])[] = [
  ['text', /^text$/],
  ['hex', /^(\d+) lower-case hex digits$/],
  ['code', /^a code of 0-9 and A-Z$/],
  ['instant', /^an instant such as (.+)$/],
  ['day', /^a day such as (.+)$/],
  ['draw', /^a draw such as (.+)$/],
  ['name', /^a name such as (.+)$/],
  ['whole', /^a whole number from (\d+) to (\d+)$/],
  ['list', /^a list of (\d+) to (\d+)$/],
  ['object', /^an object$/],
  ['each-once', /^each (\w+) once$/],
  ['names-once', /^each name once in an object$/],
  ['pattern', /^a plain regular expression$/],
  ['public-source', /^at least one source of kind drand, witness$/],
  ['places', /^at most (\d+) places$/],
  ['canonical', /^canonical JSON \(RFC 8785\)$/],
  ['json', /^JSON$/],
  ['one-of', /^(.+)$/s],
];

const GOT: readonly (readonly [name: string, phrase: RegExp])[] = [
  ['nothing', /^nothing$/],
  ['list', /^a list of (\d+)$/],
  ['object', /^an object$/],
  ['spelling', /^other spaces, order or spelling$/],
  ['not-canonical', /^canonical JSON: .+$/],
];

type Say = (key: string, variables?: Record<string, string>) => string;

/** A published or computed value of a finding in the reader's language. */
export function detailText(detail: string, say: Say): string {
  const fault = FAULT.exec(detail);
  if (fault) return faultText(fault as unknown as [string, string, string, string?], say);
  return inWords('verify.detail', PHRASES, detail, say) ?? detail;
}

/** Where a finding lies: the file as it is called, the rest in the reader's language. */
export function whereText(where: string, say: Say): string {
  return where.replace(
    / (line|position|winner|skipped) (\d+)$| (partner's count|total)\b/g,
    (_, place: string, n: string, word: string) =>
      place
        ? ` ${say(`verify.where.${place}`, { n })}`
        : ` ${say(`verify.where.${word === 'total' ? 'total' : 'partner'}`)}`,
  );
}

function faultText([, at, wanted, got]: [string, string, string, string?], say: Say): string {
  const place = at === 'document' ? say('verify.shape.whole-file') : at;
  const words = inWords('verify.shape.wanted', WANTED, wanted.replaceAll(' or ', ', '), say)!;
  if (got === undefined || wanted === 'JSON') return say('verify.shape.fault', { at: place, wanted: words });
  return say('verify.shape.instead', {
    at: place,
    wanted: words,
    got: inWords('verify.shape.got', GOT, got, say) ?? say('verify.shape.got.value', { value: got }),
  });
}

function inWords(
  part: string,
  phrases: readonly (readonly [name: string, phrase: RegExp])[],
  text: string,
  say: Say,
): string | undefined {
  for (const [name, phrase] of phrases) {
    const match = phrase.exec(text);
    if (match) return say(`${part}.${name}`, { value: match[1] ?? '', of: match[2] ?? '' });
  }
  return undefined;
}
