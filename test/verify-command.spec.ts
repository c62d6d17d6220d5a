import { jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import yazl from 'yazl';
import { CommandFailed } from '../src/platform/command.js';
import { keyText } from '../src/rules/merkle/note.js';
import { verifyCommand } from '../src/verify/verify.commands.js';
import { exampleFiles, OPERATOR, WITNESSES, withFileList } from './support/bundle.js';

const folder = mkdtempSync(join(tmpdir(), 'thidua-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const place = (end = '') => join(folder, `bundle-${++count}${end}`);

type Files = ReadonlyMap<string, string | Uint8Array>;

function asFolder(files: Files): string {
  const path = place();
  for (const [name, data] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), data);
  }
  return path;
}

async function asZip(files: Files, { compress = true, prefix = '' } = {}): Promise<string> {
  const zip = new yazl.ZipFile();
  for (const [name, data] of files) zip.addBuffer(Buffer.from(data), prefix + name, { compress });
  zip.end();
  const path = place('.zip');
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

/** Runs `thidua verify …` in this process: what it wrote and the exit code. */
async function verify(...args: string[]): Promise<{ code: number; out: string }> {
  const written: string[] = [];
  const write = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => written.push(String(text)) > 0);
  const program = new Command('thidua').exitOverride();
  verifyCommand(program);
  try {
    await program.parseAsync(['node', 'thidua', 'verify', ...args]);
    return { code: 0, out: written.join('') };
  } catch (error) {
    const code = error instanceof CommandFailed ? error.exitCode : -1;
    return { code, out: [...written, (error as Error).message].join('') };
  } finally {
    write.mockRestore();
  }
}

const sound = exampleFiles({ struckWinners: 1, replacements: 1 });

describe('thidua verify', () => {
  it('accepts a folder, a zip, a stored zip, a zip of the folder and packed entries', async () => {
    const packed = new Map<string, string | Uint8Array>(sound);
    packed.delete('entries.csv');
    packed.delete('files.txt');
    packed.set('entries.csv.gz', gzipSync(sound.get('entries.csv')!));
    const paths = [
      asFolder(sound),
      await asZip(sound),
      await asZip(sound, { compress: false }),
      await asZip(sound, { prefix: 'ky-1/' }),
      asFolder(packed),
    ];
    for (const path of paths) {
      const { code, out } = await verify(path);
      expect(out).toContain('KHỚP: tính lại từ đầu');
      expect(code).toBe(0);
    }
  });

  it('reports every finding with published and computed, in two languages and as JSON', async () => {
    const files = new Map(sound);
    files.set('entries.csv', sound.get('entries.csv')!.replace(/\n00002,[^\n]+/, ''));
    const path = asFolder(files);
    const vietnamese = await verify(path);
    expect(vietnamese.code).toBe(1);
    expect(vietnamese.out).toMatch(/KHÔNG KHỚP: \d+ điểm sai khác/);
    expect(vietnamese.out).toContain(
      'root-differs: Danh sách trong bộ hồ sơ khác danh sách đã được ký khi chốt',
    );
    const english = await verify(path, '--lang', 'en');
    expect(english.out).toContain('size-differs: The list holds another number of codes');
    const json = await verify(path, '--json');
    const report = JSON.parse(json.out) as {
      sound: boolean;
      findings: { code: string; published: string; computed: string }[];
    };
    expect(report.sound).toBe(false);
    expect(report.findings).toContainEqual({
      code: 'size-differs',
      where: 'checkpoint.txt',
      published: '200',
      computed: '199',
    });
  });

  it('says where the keys came from, and trusts those it is given instead', async () => {
    const path = asFolder(sound);
    expect((await verify(path)).out).toContain('lấy từ chính bộ hồ sơ này');
    const keys = [OPERATOR, ...WITNESSES].flatMap(({ key }) => ['--key', keyText(key)]);
    const given = await verify(path, ...keys, '--witnesses', '2');
    expect(given.out).toContain('do bạn đưa vào');
    expect(given.code).toBe(0);
    expect((await verify(path, ...keys, '--witnesses', '3')).out).toContain('witnesses-missing');
    expect((await verify(path, ...keys.slice(2), '--witnesses', '2')).out).toContain('checkpoint-signature');
    expect((await verify(path, '--key', 'nonsense')).code).toBe(2);
    expect((await verify(path, ...keys, '--witnesses', '1e9')).code).toBe(2);
  });

  it('keeps control characters of a stranger out of the terminal', async () => {
    const files = new Map(sound);
    files.set('keys.txt', `${sound.get('keys.txt')}\u001b[2J`);
    files.set('entries.csv', `${sound.get('entries.csv')}\u001b]0;x\u0007\n`);
    expect((await verify(asFolder(files))).out).not.toMatch(/\p{Cc}(?<!\n)/u);
  });
});

describe('what is no bundle ends with 2 and a reason', () => {
  const damaged = async (change: (zip: Buffer) => Buffer) => {
    const { readFileSync } = await import('node:fs');
    const path = await asZip(sound);
    writeFileSync(path, change(readFileSync(path)));
    return path;
  };
  const renamed = (from: string, to: string) =>
    damaged((zip) => Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1'));

  it.each([
    ['nothing there', async () => join(folder, 'absent'), 'Không thấy tệp'],
    ['an empty folder', async () => asFolder(new Map([['a/b.txt', 'x']])), 'không phải bộ hồ sơ kiểm chứng'],
    [
      'an empty file',
      async () => (writeFileSync(place('.zip'), ''), join(folder, `bundle-${count}.zip`)),
      'không phải tệp zip',
    ],
    ['a truncated zip', async () => damaged((zip) => zip.subarray(0, zip.length - 30)), 'không phải tệp zip'],
    [
      'a zip with its middle cut out',
      async () => damaged((zip) => Buffer.concat([zip.subarray(0, 3000), zip.subarray(4000)])),
      'hỏng',
    ],
    [
      'a zip with an altered packed byte',
      async () => damaged((zip) => (zip.writeUInt32LE(0x12345678, 2000), zip)),
      'hỏng',
    ],
    ['a path out of the folder', async () => renamed('minutes.html', '../../x.html'), 'không an toàn'],
    ['an absolute path', async () => renamed('minutes.html', '/etc/ab.html'), 'không an toàn'],
    ['a Windows path', async () => renamed('minutes.html', 'c:\\tes\\.html'), 'không an toàn'],
    ['two files of one name', async () => renamed('strikes.json', 'sources.json'), 'trùng tên'],
  ])('%s', async (_, make, words) => {
    const { code, out } = await verify(await make());
    expect(out).toContain(words);
    expect(code).toBe(2);
  });

  it('a symbolic link', async () => {
    const path = asFolder(sound);
    symlinkSync('/etc/passwd', join(path, 'more.txt'));
    expect(await verify(path)).toMatchObject({
      code: 2,
      out: expect.stringContaining('không an toàn') as string,
    });
  });

  it('a zip whose directory tells another name than the file', async () => {
    const path = await damaged((zip) => {
      const at = zip.lastIndexOf('minutes.html');
      zip.write('minutos.html', at);
      return zip;
    });
    expect(await verify(path)).toMatchObject({
      code: 2,
      out: expect.stringContaining('two names') as string,
    });
  });

  it('a zip bomb: announced as small, or honest and huge', async () => {
    const zeros = Buffer.alloc(400 * 2 ** 20);
    const path = await asZip(new Map<string, string | Uint8Array>([...sound, ['minutes.html', zeros]]));
    const before = process.memoryUsage().rss;
    expect(await verify(path)).toMatchObject({ code: 2, out: expect.stringContaining('quá lớn') as string });
    const lying = await asZip(
      new Map<string, string | Uint8Array>([...sound, ['minutes.html', zeros.subarray(0, 100 * 2 ** 20)]]),
    );
    const { readFileSync } = await import('node:fs');
    const zip = readFileSync(lying);
    const at = zip.lastIndexOf('minutes.html') - 46;
    zip.writeUInt32LE(1000, at + 24);
    writeFileSync(lying, zip);
    expect(await verify(lying)).toMatchObject({ code: 2, out: expect.stringContaining('hỏng') as string });
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * 2 ** 20);
  });
});

describe('hostile content gives findings, never a crash', () => {
  const change = (name: string, data: string | Uint8Array) =>
    asFolder(new Map<string, string | Uint8Array>([...sound, [name, data]]));
  const entries = sound.get('entries.csv')!;
  const json = (name: string, edit: (text: string) => string) => change(name, edit(sound.get(name)!));

  it.each([
    ['entries cut off', () => change('entries.csv', entries.slice(0, -10)), 'entries-malformed'],
    [
      'entries out of order',
      () =>
        change(
          'entries.csv',
          entries
            .split('\n')
            .toSpliced(2, 2, ...entries.split('\n').slice(2, 4).toReversed())
            .join('\n'),
        ),
      'entries-unsorted',
    ],
    [
      'an entry twice',
      () => change('entries.csv', entries.replace(/\n(00003,[^\n]+)/, '\n$1\n$1')),
      'code-twice',
    ],
    ['entries with CRLF', () => change('entries.csv', entries.replaceAll('\n', '\r\n')), 'entries-malformed'],
    ['entries with a byte order mark', () => change('entries.csv', `\ufeff${entries}`), 'entries-malformed'],
    ['entries in UTF-16', () => change('entries.csv', Buffer.from(entries, 'utf16le')), 'entries-malformed'],
    [
      'a line of 10 MB',
      () => change('entries.csv', `${entries}${'9'.repeat(10_000_000)}\n`),
      'entries-malformed',
    ],
    ['empty entries', () => change('entries.csv', ''), 'entries-malformed'],
    ['rules with a byte order mark', () => json('rules.json', (text) => `\ufeff${text}`), 'rules-malformed'],
    ['rules that are not NFC', () => json('rules.json', (text) => text.normalize('NFD')), 'rules-malformed'],
    [
      'rules with NaN',
      () => json('rules.json', (text) => text.replace('"quantity":5', '"quantity":NaN')),
      'rules-malformed',
    ],
    [
      'rules with a huge quantity',
      () => json('rules.json', (text) => text.replace('"quantity":5', '"quantity":9007199254740991')),
      'rules-malformed',
    ],
    [
      'rules with 1e999',
      () => json('rules.json', (text) => text.replace('"quantity":5', '"quantity":1e999')),
      'rules-malformed',
    ],
    [
      'rules with a name twice',
      () => json('rules.json', (text) => text.replace('{"closesAt"', '{"closesAt":"x","closesAt"')),
      'rules-malformed',
    ],
    ['rules that are an array', () => json('rules.json', () => '[]'), 'rules-malformed'],
    ['rules that are null', () => json('rules.json', () => 'null'), 'rules-malformed'],
    [
      'rules with a prototype',
      () => json('rules.json', (text) => text.replace('{', '{"__proto__":{"method":"ticket"},')),
      'checkpoint-rules-differ',
    ],
    ['deeply nested sources', () => json('sources.json', () => '['.repeat(100_000)), 'source-missing'],
    [
      'nested sources that close',
      () => json('sources.json', () => '['.repeat(5000) + ']'.repeat(5000)),
      'source-missing',
    ],
    [
      'sources in Windows-1258',
      () => change('sources.json', Buffer.from('[{"id":"\xc0"}]', 'latin1')),
      'source-missing',
    ],
    [
      'a pattern that never ends',
      () => json('rules.json', (text) => text.replace('^[0-9]{20}$', '^(([0-9]*)*)*x$')),
      'source-mismatch',
    ],
    [
      'a note without signatures',
      () => json('checkpoint.txt', (text) => text.slice(0, text.indexOf('\n\n') + 2)),
      'checkpoint-signature',
    ],
  ])('%s', async (_, make, code) => {
    const { code: exit, out } = await verify(make(), '--json');
    expect(exit).toBe(1);
    expect(Object.keys((JSON.parse(out) as { counts: object }).counts)).toContain(code);
  });

  it('a cheat that only the operator could sign still fails where it is recomputed', async () => {
    const files = new Map(sound);
    files.set(
      'result.json',
      sound.get('result.json')!.replace(/"winners":\[\{"code":"./, '"winners":[{"code":"9'),
    );
    const path = asFolder(withFileList(files, 'example/ky-1'));
    const { out } = await verify(path, '--json');
    const codes = Object.keys((JSON.parse(out) as { counts: object }).counts);
    expect(codes).toEqual(expect.arrayContaining(['winner-differs', 'order-differs', 'result-hash']));
    expect(codes).not.toContain('file-differs');
  });
});
