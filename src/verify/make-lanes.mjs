// Writes sha256-lanes.code.ts: four SHA-256 computations at once in WebAssembly SIMD, compiled from the AssemblyScript below.
// node src/verify/make-lanes.mjs; a test demands that doing so changes nothing.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const K = [];
{
  const pr = [];
  for (let c = 2; pr.length < 64; c++) {
    let ok = true;
    for (const p of pr)
      if (c % p === 0) {
        ok = false;
        break;
      }
    if (ok) pr.push(c);
  }
  const fr = (x) => {
    // fractional bits of the cube root by integer arithmetic
    const n = BigInt(x) << 96n;
    let r = 1n << 40n;
    for (let i = 0; i < 200; i++) {
      const nr = (2n * r + n / (r * r)) / 3n;
      if (nr === r) break;
      r = nr;
    }
    while (r * r * r > n) r--;
    while ((r + 1n) ** 3n <= n) r++;
    return Number(r & 0xffffffffn);
  };
  for (const p of pr) K.push(fr(p));
}
if (K[0] >>> 0 !== 0x428a2f98 || K[63] >>> 0 !== 0xc67178f2) throw Error('K');
let source = `
const BUF: usize = memory.data(4 * 192, 16);   // four padded message buffers of 192 bytes
const ST: usize = memory.data(8 * 16, 16);     // eight state vectors
const MID: usize = memory.data(8 * 16, 16);    // the same after the seed
@inline function rotr(x: v128, n: i32): v128 { return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n)); }
@inline function s0(x: v128): v128 { return v128.xor(v128.xor(rotr(x, 7), rotr(x, 18)), i32x4.shr_u(x, 3)); }
@inline function s1(x: v128): v128 { return v128.xor(v128.xor(rotr(x, 17), rotr(x, 19)), i32x4.shr_u(x, 10)); }
@inline function S0(x: v128): v128 { return v128.xor(v128.xor(rotr(x, 2), rotr(x, 13)), rotr(x, 22)); }
@inline function S1(x: v128): v128 { return v128.xor(v128.xor(rotr(x, 6), rotr(x, 11)), rotr(x, 25)); }
@inline function ch(e: v128, f: v128, g: v128): v128 { return v128.xor(g, v128.and(e, v128.xor(f, g))); }
@inline function maj(a: v128, b: v128, c: v128): v128 { return v128.or(v128.and(a, b), v128.and(c, v128.or(a, b))); }
@inline function ld(p: usize, off: usize): v128 { return v128.swizzle(v128.load(p + off), i8x16(3,2,1,0,7,6,5,4,11,10,9,8,15,14,13,12)); }
function init(): void {
${[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19].map((h, i) => `  v128.store(ST + ${i * 16}, i32x4.splat(${h | 0}));`).join('\n')}
}
function block(off: usize): void {
`;
for (let q = 0; q < 4; q++) {
  source += `  let a${q} = ld(BUF, off + ${q * 16}), b${q} = ld(BUF + 192, off + ${q * 16}), c${q} = ld(BUF + 384, off + ${q * 16}), d${q} = ld(BUF + 576, off + ${q * 16});\n`;
  source += `  let t${q}0 = v128.shuffle<i32>(a${q}, b${q}, 0, 4, 1, 5), t${q}1 = v128.shuffle<i32>(a${q}, b${q}, 2, 6, 3, 7), t${q}2 = v128.shuffle<i32>(c${q}, d${q}, 0, 4, 1, 5), t${q}3 = v128.shuffle<i32>(c${q}, d${q}, 2, 6, 3, 7);\n`;
  source += `  let w${q * 4} = v128.shuffle<i64>(t${q}0, t${q}2, 0, 2), w${q * 4 + 1} = v128.shuffle<i64>(t${q}0, t${q}2, 1, 3), w${q * 4 + 2} = v128.shuffle<i64>(t${q}1, t${q}3, 0, 2), w${q * 4 + 3} = v128.shuffle<i64>(t${q}1, t${q}3, 1, 3);\n`;
}
source += `  let a = v128.load(ST), b = v128.load(ST + 16), c = v128.load(ST + 32), d = v128.load(ST + 48), e = v128.load(ST + 64), f = v128.load(ST + 80), g = v128.load(ST + 96), h = v128.load(ST + 112);\n  let t: v128;\n`;
let v = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
for (let i = 0; i < 64; i++) {
  const w = `w${i % 16}`;
  if (i >= 16)
    source += `  ${w} = i32x4.add(i32x4.add(${w}, s0(w${(i + 1) % 16})), i32x4.add(w${(i + 9) % 16}, s1(w${(i + 14) % 16})));\n`;
  const [a, b, c, d, e, f, g, h] = v;
  source += `  t = i32x4.add(i32x4.add(i32x4.add(${h}, S1(${e})), ch(${e}, ${f}, ${g})), i32x4.add(i32x4.splat(${K[i] | 0}), ${w}));\n  ${d} = i32x4.add(${d}, t);\n  ${h} = i32x4.add(t, i32x4.add(S0(${a}), maj(${a}, ${b}, ${c})));\n`;
  v = [h, a, b, c, d, e, f, g];
}
v.forEach((x, i) => {
  source += `  v128.store(ST + ${i * 16}, i32x4.add(v128.load(ST + ${i * 16}), ${x}));\n`;
});
source += `}
@inline function put(lane: i32, out: usize): void { for (let i = 0; i < 8; i++) store<u32>(out + (i << 2), bswap<u32>(load<u32>(ST + (i << 4) + (lane << 2)))); }
// n leaves; leaf i is data[starts[i] .. ends[i]) ; out gets n digests of 0x00||leaf   (leaf length at most 118)
export function leaves(data: usize, starts: usize, ends: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 4) {
    let nb0 = 0, nb1 = 0, nb2 = 0, nb3 = 0, mx = 0;
    for (let l = 0; l < 4; l++) {
      let j = i + l; if (j >= n) j = n - 1;
      const s = load<u32>(starts + (<usize>j << 2)), len = load<u32>(ends + (<usize>j << 2)) - s;
      const p = BUF + <usize>l * 192; const nb: i32 = len + 10 <= 64 ? 1 : 2;
      memory.fill(p + 32, 0, (<usize>nb << 6) - 32);
      store<u8>(p, 0); memory.copy(p + 1, data + s, len); store<u8>(p + 1 + len, 0x80);
      store<u32>(p + (<usize>nb << 6) - 4, bswap<u32>((len + 1) << 3));
      if (nb > mx) mx = nb;
      if (l == 0) nb0 = nb; else if (l == 1) nb1 = nb; else if (l == 2) nb2 = nb; else nb3 = nb;
    }
    init(); block(0);
    if (nb0 == 1) put(0, out + (<usize>i << 5));
    if (nb1 == 1 && i + 1 < n) put(1, out + (<usize>(i + 1) << 5));
    if (nb2 == 1 && i + 2 < n) put(2, out + (<usize>(i + 2) << 5));
    if (nb3 == 1 && i + 3 < n) put(3, out + (<usize>(i + 3) << 5));
    if (mx == 2) { block(64);
      if (nb0 == 2) put(0, out + (<usize>i << 5));
      if (nb1 == 2 && i + 1 < n) put(1, out + (<usize>(i + 1) << 5));
      if (nb2 == 2 && i + 2 < n) put(2, out + (<usize>(i + 2) << 5));
      if (nb3 == 2 && i + 3 < n) put(3, out + (<usize>(i + 3) << 5));
    }
  }
}
// one level: n digests at src become ceil(n/2) digests at dst (the odd last one is promoted); dst may equal src
export function level(src: usize, n: i32, dst: usize): i32 {
  const pairs = n >> 1;
  for (let l = 0; l < 4; l++) { const p = BUF + <usize>l * 192; memory.fill(p, 0, 128); store<u8>(p, 1); store<u8>(p + 65, 0x80); store<u32>(p + 124, bswap<u32>(520)); }
  for (let i = 0; i < pairs; i += 4) {
    for (let l = 0; l < 4; l++) { let j = i + l; if (j >= pairs) j = pairs - 1; const p = BUF + <usize>l * 192, s = src + (<usize>j << 6);
      v128.store(p + 1, v128.load(s)); v128.store(p + 17, v128.load(s + 16)); v128.store(p + 33, v128.load(s + 32)); v128.store(p + 49, v128.load(s + 48)); }
    init(); block(0); block(64);
    for (let l = 0; l < 4; l++) if (i + l < pairs) put(l, dst + (<usize>(i + l) << 5));
  }
  if (n & 1) memory.copy(dst + (<usize>pairs << 5), src + (<usize>(n - 1) << 5), 32);
  return pairs + (n & 1);
}
// the state after the first 64 bytes, which all tickets of a draw have in common: the digits of the seed
export function seed(p: usize): void {
  for (let l: usize = 0; l < 4; l++) memory.copy(BUF + l * 192, p, 64);
  init(); block(0); memory.copy(MID, ST, 128);
}
// n digests of seed || ':' || code ; code i is data[starts[i] .. ends[i])   (code length at most 46 bytes)
export function tickets(data: usize, starts: usize, ends: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 4) {
    for (let l = 0; l < 4; l++) {
      let j = i + l; if (j >= n) j = n - 1;
      const s = load<u32>(starts + (<usize>j << 2)), len = load<u32>(ends + (<usize>j << 2)) - s, p = BUF + <usize>l * 192;
      memory.fill(p, 0, 64); store<u8>(p, 0x3a); memory.copy(p + 1, data + s, len); store<u8>(p + 1 + len, 0x80);
      store<u32>(p + 60, bswap<u32>((65 + len) << 3));
    }
    memory.copy(ST, MID, 128); block(0);
    for (let l = 0; l < 4; l++) if (i + l < n) put(l, out + (<usize>(i + l) << 5));
  }
}
export function heapBase(): usize { return __heap_base; }
`;

const FLAGS = [
  '-O3',
  '--noAssert',
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--initialMemory',
  '16',
  '--maximumMemory',
  '4096',
];

/** The text of sha256-lanes.code.ts. */
export async function lanesCode() {
  const { default: asc } = await import('assemblyscript/asc');
  const folder = mkdtempSync(join(tmpdir(), 'thidua-lanes-'));
  try {
    writeFileSync(join(folder, 'lanes.ts'), source);
    const { error, stderr } = await asc.main(['lanes.ts', '-o', 'lanes.wasm', '--baseDir', folder, ...FLAGS]);
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
    const code = readFileSync(join(folder, 'lanes.wasm')).toString('base64');
    return `/** WebAssembly made by make-lanes.mjs; what it computes is checked against Node's SHA-256 before it is used. */\nexport const LANES_CODE =\n  '${code}';\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(import.meta.dirname, 'sha256-lanes.code.ts'), await lanesCode());
