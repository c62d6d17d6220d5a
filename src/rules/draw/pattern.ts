/**
 * The regular expressions that rules may ask of a witness's value (protocol §2): characters, classes, `.`, `\d`,
 * groups, `|`, and `?`, `*`, `+`, `{n}`, `{n,}`, `{n,m}`. They come from files of strangers, so they are matched here in
 * bounded steps instead of by an engine that a pattern can keep busy for years.
 */
type Matches = (letter: string) => boolean;
type Node =
  | { readonly one: Matches }
  | { readonly all: readonly Node[] }
  | { readonly any: readonly Node[] }
  | { readonly repeat: Node; readonly least: number; readonly most: number };

const MOST_STEPS = 200_000;
const MOST_REPEATS = 1000;

/** Whether the whole of `value` matches; undefined when the pattern is none of ours or takes too many steps. */
export function matchesPattern(pattern: string, value: string): boolean | undefined {
  const node = parsePattern(pattern);
  if (!node) return undefined;
  const letters = [...value];
  const budget = { left: MOST_STEPS };
  const ends = reached(node, new Set([0]), letters, budget);
  return budget.left < 0 ? undefined : ends.has(letters.length);
}

/** The pattern as a tree, or undefined when it is longer than 200 characters or uses anything else. */
export function parsePattern(pattern: string): Node | undefined {
  if (pattern.length > 200) return undefined;
  const reader = { letters: [...pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '')], at: 0 };
  const node = parseAlternatives(reader, 0);
  return node && reader.at === reader.letters.length ? node : undefined;
}

interface Reader {
  readonly letters: readonly string[];
  at: number;
}

function parseAlternatives(reader: Reader, depth: number): Node | undefined {
  if (depth > 10) return undefined;
  const any: Node[] = [];
  for (;;) {
    const all: Node[] = [];
    while (reader.at < reader.letters.length && !'|)'.includes(reader.letters[reader.at]!)) {
      const node = parseRepeated(reader, depth);
      if (!node) return undefined;
      all.push(node);
    }
    any.push({ all });
    if (reader.letters[reader.at] !== '|') return { any };
    reader.at++;
  }
}

function parseRepeated(reader: Reader, depth: number): Node | undefined {
  const node = parseAtom(reader, depth);
  if (!node) return undefined;
  const rest = reader.letters.slice(reader.at, reader.at + 12).join('');
  const [text, , least, comma, most] = /^(?:([?*+])|\{(\d{1,4})(,?)(\d{0,4})\})/.exec(rest) ?? [];
  if (text === undefined) return node;
  reader.at += text.length;
  if ('?*+'.includes(reader.letters[reader.at] ?? ' ')) return undefined;
  if (text === '?') return { repeat: node, least: 0, most: 1 };
  if (text === '*' || text === '+') return { repeat: node, least: text === '+' ? 1 : 0, most: MOST_REPEATS };
  const from = Number(least);
  const to = comma === '' ? from : most === '' ? MOST_REPEATS : Number(most);
  if ((comma === '' && most !== '') || from > to || to > MOST_REPEATS) return undefined;
  return { repeat: node, least: from, most: to };
}

function parseAtom(reader: Reader, depth: number): Node | undefined {
  const letter = reader.letters[reader.at++]!;
  if (letter === '.') return { one: (other) => other !== '\n' };
  if (letter === '[') return parseClass(reader);
  if (letter === '\\') return parseEscape(reader);
  if (letter !== '(') return '^$?*+{}]'.includes(letter) ? undefined : { one: (other) => other === letter };
  if (reader.letters.slice(reader.at, reader.at + 2).join('') === '?:') reader.at += 2;
  const node = parseAlternatives(reader, depth + 1);
  return node && reader.letters[reader.at++] === ')' ? node : undefined;
}

const isDigit: Matches = (letter) => letter >= '0' && letter <= '9' && letter.length === 1;

function parseEscape(reader: Reader): { one: Matches } | undefined {
  const letter = reader.letters[reader.at++];
  if (letter === 'd') return { one: isDigit };
  return letter === undefined || /[A-Za-z0-9]/.test(letter)
    ? undefined
    : { one: (other) => other === letter };
}

function parseClass(reader: Reader): Node | undefined {
  const negated = reader.letters[reader.at] === '^';
  if (negated) reader.at++;
  const parts: Matches[] = [];
  for (;;) {
    const from = reader.letters[reader.at++];
    if (from === undefined || from === '[') return undefined;
    if (from === ']') break;
    if (from === '\\') {
      const escape = parseEscape(reader);
      if (!escape) return undefined;
      parts.push(escape.one);
    } else if (reader.letters[reader.at] === '-' && reader.letters[reader.at + 1] !== ']') {
      const to = reader.letters[reader.at + 1];
      reader.at += 2;
      if (to === undefined || to === '\\' || to < from) return undefined;
      parts.push((letter) => letter >= from && letter <= to);
    } else {
      parts.push((letter) => letter === from);
    }
  }
  return parts.length === 0 ? undefined : { one: (letter) => parts.some((part) => part(letter)) !== negated };
}

/** Where a match that starts at one of `starts` can end. Each step is counted. */
function reached(node: Node, starts: Set<number>, letters: string[], budget: { left: number }): Set<number> {
  budget.left -= 1 + starts.size;
  if (budget.left < 0 || starts.size === 0) return new Set();
  if ('one' in node) {
    const stepped = [...starts].filter((at) => at < letters.length && node.one(letters[at]!));
    return new Set(stepped.map((at) => at + 1));
  }
  if ('all' in node) return node.all.reduce((from, next) => reached(next, from, letters, budget), starts);
  if ('any' in node) return new Set(node.any.flatMap((next) => [...reached(next, starts, letters, budget)]));
  return repeated(node, starts, letters, budget);
}

function repeated(
  { repeat, least, most }: { repeat: Node; least: number; most: number },
  starts: Set<number>,
  letters: string[],
  budget: { left: number },
): Set<number> {
  let from = starts;
  for (let times = 0; times < least; times++) from = reached(repeat, from, letters, budget);
  const ends = new Set(from);
  for (let times = least; times < most && from.size > 0; times++) {
    from = new Set([...reached(repeat, from, letters, budget)].filter((at) => !ends.has(at)));
    for (const at of from) ends.add(at);
  }
  return ends;
}
