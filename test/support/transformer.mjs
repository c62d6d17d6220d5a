import swc from '@swc/jest';

/**
 * Jest's sandbox answers every use of a global through an interceptor, which costs loops over bytes most of their time.
 * Each module therefore takes those it uses as constants of its own, in front of its first line.
 */
const GLOBALS = [
  'Array',
  'BigInt',
  'Buffer',
  'DataView',
  'Float64Array',
  'Int32Array',
  'JSON',
  'Map',
  'Math',
  'Number',
  'Object',
  'Promise',
  'RegExp',
  'Set',
  'String',
  'Symbol',
  'TextDecoder',
  'TextEncoder',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
  'WeakMap',
].map((name) => ({
  name,
  used: new RegExp(`\\b${name}\\b`),
  taken: new RegExp(`^(export )?(import|class|function|const|let|var)\\b[^=;(]*\\b${name}\\b`, 'm'),
}));

const compiler = swc.createTransformer();

export default {
  getCacheKey: (text, path, options) => `${compiler.getCacheKey(text, path, options)}-globals`,
  process(text, path, options) {
    const { code, map } = path.endsWith('.ts') ? compiler.process(text, path, options) : { code: text };
    const names = GLOBALS.filter(({ used, taken }) => used.test(code) && !taken.test(code));
    const taken = names.map(({ name }) => name).join(', ');
    return { code: taken ? `const { ${taken} } = globalThis; ${code}` : code, map };
  },
};
