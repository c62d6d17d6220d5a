import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CHAINS, isRoundSignature } from '../src/verify/beacon.js';
import { chainsText, parseChains } from '../src/verify/chain-info.js';
import { fetchRound } from '../src/verify/relays.js';

const QUICKNET = CHAINS[0]!;
/** Rounds of drand quicknet as its relays publish them; 1000 and 1001 follow each other. */
const ROUND = 1000;
const SIGNATURE =
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39';
const RANDOMNESS = 'fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd';
const NEXT_SIGNATURE =
  'b33bf3667cbd5a82de3a24b4e0e9fe5513cc1a0e840368c6e31f5fcfa79bea03f73896b25883abf2853d10337fb8fa41';
const PATIENCE = 2000;
/** Longer than any test may take: who waits that long fails. */
const ENDLESS = 600_000;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const says =
  (body: object | string, status = 200): Answer =>
  (_, response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
const good = says({ round: ROUND, signature: SIGNATURE, randomness: RANDOMNESS });
/** A true signature, of the round after. */
const wrong = says({ round: ROUND, signature: NEXT_SIGNATURE });
const silent: Answer = () => undefined;

describe('asking relays for a round', () => {
  const servers: Server[] = [];
  const asked: string[] = [];
  const relay = async (answer: Answer): Promise<string> => {
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      answer(request, response);
    });
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const ask = (urls: readonly string[], patience = ENDLESS) =>
    fetchRound(QUICKNET, ROUND, { urls, patience });
  const faults = (entries: [string, string][]) => ({ faults: new Map(entries) });
  /** The first pairing builds its tables; no answer shall be late because of them. */
  beforeAll(() => expect(isRoundSignature(QUICKNET, ROUND, SIGNATURE)).toBe(true));
  afterEach(async () => {
    asked.length = 0;
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  });

  it('passes over a wrong signature and takes the good one, without waiting for who is silent', async () => {
    const urls = [await relay(silent), await relay(wrong), await relay(good)];
    expect(await ask(urls)).toEqual({
      round: ROUND,
      signature: SIGNATURE,
      randomness: RANDOMNESS,
      relay: urls.at(-1),
    });
    expect(asked).toEqual(Array(3).fill(`/${QUICKNET.hash}/public/${ROUND}`));
  });

  it('takes the good one although the wrong one was there long before', async () => {
    const late: Answer = (request, response) => setTimeout(() => good(request, response), 200);
    expect(await ask([await relay(wrong), await relay(late)])).toMatchObject({ signature: SIGNATURE });
  });

  it('gives up a relay that is silent or stops in the middle, and says what each one did', async () => {
    const halting: Answer = (_, response) => response.writeHead(200).write('{"round":1000,');
    const urls = [await relay(silent), await relay(halting), await relay(wrong)] as const;
    expect(await ask(urls, PATIENCE)).toEqual(
      faults([
        [urls[0], 'no-answer'],
        [urls[1], 'no-answer'],
        [urls[2], 'bad-signature'],
      ]),
    );
  });

  it.each<[string, Answer, string]>([
    ['another round', says({ round: ROUND + 1, signature: NEXT_SIGNATURE }), 'other-round'],
    ['a page', says('<html>'), 'not-json'],
    [
      'a flood',
      says(`${JSON.stringify({ round: ROUND, signature: SIGNATURE })}${' '.repeat(5000)}`),
      'not-json',
    ],
    ['false randomness', says({ round: ROUND, signature: SIGNATURE, randomness: '00' }), 'bad-randomness'],
    ['an error', says({ round: ROUND, signature: SIGNATURE }, 500), 'no-answer'],
    ['somewhere else', (_, response) => response.writeHead(302, { location: '/' }).end(), 'no-answer'],
  ])('takes no round from a relay that answers with %s', async (_, answer, fault) => {
    const url = await relay(answer);
    expect(await ask([url])).toEqual(faults([[url, fault]]));
  });

  it('says that nobody answered where nobody listens', async () => {
    const url = await relay(good);
    await new Promise((closed) => servers.pop()!.close(closed));
    expect(await ask([url])).toEqual(faults([[url, 'no-answer']]));
  });
});

describe('chains of the settings', () => {
  const info = JSON.parse(chainsText(CHAINS)) as Record<string, unknown>[];
  const faults = (change: object) => parseChains(JSON.stringify([{ ...info[0], ...change }])).faults;

  it('are read as relays describe them, with whatever else relays say', () => {
    expect(parseChains(JSON.stringify([{ ...info[0], more: 1 }]))).toEqual({
      chains: [...CHAINS],
      faults: [],
    });
  });

  it('are refused when the hash is not made from their facts, and say which fact is malformed', () => {
    expect(faults({ period: 30 })[0]).toContain('[0].hash: wanted');
    expect(faults({ genesis_time: 1 })[0]).toContain('[0].hash: wanted');
    expect(faults({ metadata: { beaconID: 'fastnet' } })[0]).toContain('[0].hash: wanted');
    expect(faults({ schemeID: 'pedersen-bls-chained' })[0]).toContain(
      '[0].schemeID: wanted bls-unchained-g1-rfc9380',
    );
    expect(faults({ public_key: 'x' })[0]).toContain('[0].public_key: wanted 192 lower-case hex digits');
    expect(parseChains('{').faults[0]).toContain('wanted JSON');
    expect(parseChains(JSON.stringify([info[0], info[0]])).faults).toEqual([
      expect.stringContaining('each hash once'),
    ]);
  });
});
