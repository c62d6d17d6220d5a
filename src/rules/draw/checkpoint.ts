import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from '../merkle/base64.js';

/** What the freeze publishes, protocol §3: C2SP tlog-checkpoint with one extension line. */
export interface Checkpoint {
  /** Who publishes: host name or the like, without the draw. */
  readonly origin: string;
  readonly draw: string;
  readonly size: number;
  /** 64 hex digits. */
  readonly root: string;
  /** 64 hex digits. */
  readonly rulesHash: string;
}

/** The body of the signed note: sign `signedMessage(checkpointBody(…))` and put it together with `noteText`. */
export function checkpointBody({ origin, draw, size, root, rulesHash }: Checkpoint): string {
  return `${origin}/${draw}\n${size}\n${toBase64(hexToBytes(root))}\nrules ${rulesHash}\n`;
}

/** Shape only: the checkpoint of `draw`, or undefined. `origin` is what stands before `/<draw>` in the first line. */
export function parseCheckpoint(body: string, draw: string): Checkpoint | undefined {
  const match = /^(\S+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]{44})\nrules ([0-9a-f]{64})\n$/.exec(body);
  const root = match && fromBase64(match[3]!);
  if (!match || root?.length !== 32 || !match[1]!.endsWith(`/${draw}`)) return undefined;
  const [origin, rulesHash] = [match[1]!.slice(0, -draw.length - 1), match[4]!];
  return { origin, draw, size: Number(match[2]), root: bytesToHex(root), rulesHash };
}
