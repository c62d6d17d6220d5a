// What happens to style sheets on their way to the browser: only the rules that templates and code use, and
// light-dark() unfolded into plain rules for browsers that do not know it.
import { readFileSync } from 'node:fs';
import postcss from 'postcss';
import { PurgeCSS } from 'purgecss';

/** An esbuild plugin; `content` are the files in which class names are looked for. */
export const trimmedStyles = (content) => ({
  name: 'trimmed-styles',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = readFileSync(path, 'utf8');
      const used = path.includes('node_modules') ? await purged(css, content) : css;
      return { contents: unfolded(used), loader: 'css' };
    });
  },
});

async function purged(css, content) {
  const [{ css: kept }] = await new PurgeCSS().purge({
    content,
    css: [{ raw: css }],
    variables: true,
    keyframes: true,
    fontFace: true,
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
    safelist: { standard: ['html', 'body', ':root'] },
    dynamicAttributes: ['data-bs-theme', 'aria-current', 'aria-invalid', 'open'],
  });
  return kept;
}

/** `a: light-dark(x, y)` -> `a: x`, and `a: y` where the reader or the reader's device asked for dark. */
function unfolded(css) {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    const dark = [];
    rule.each((node) => {
      if (node.type !== 'decl' || !node.value.includes('light-dark(')) return;
      dark.push(node.clone({ value: choose(node.value, 1) }));
      node.value = choose(node.value, 0);
    });
    if (dark.length > 0) addDark(rule, dark);
  });
  return root.toString();
}

function addDark(rule, declarations) {
  const chosen = rule.clone({
    selectors: rule.selectors.map((one) => under('dark', one)),
    nodes: declarations,
  });
  const device = postcss.atRule({ name: 'media', params: '(prefers-color-scheme: dark)' });
  device.append(
    rule.clone({
      selectors: rule.selectors.map((one) => under('auto', one)),
      nodes: declarations.map((d) => d.clone()),
    }),
  );
  rule.after(device);
  rule.after(chosen);
}

const under = (theme, selector) =>
  selector.startsWith(':root') || selector.startsWith('html')
    ? selector.replace(/^(:root|html)/, `$1[data-bs-theme='${theme}']`)
    : `[data-bs-theme='${theme}'] ${selector}`;

/** The first or the second of what stands in light-dark(…), innermost parentheses respected. */
function choose(value, which) {
  const at = value.indexOf('light-dark(');
  if (at < 0) return value;
  const start = at + 'light-dark('.length;
  let depth = 0;
  let comma = -1;
  for (let end = start; end < value.length; end++) {
    if (value[end] === '(') depth++;
    else if (value[end] === ',' && depth === 0) comma = end;
    else if (value[end] === ')' && depth-- === 0) {
      const picked = which === 0 ? value.slice(start, comma) : value.slice(comma + 1, end);
      return choose(value.slice(0, at) + picked.trim() + value.slice(end + 1), which);
    }
  }
  return value;
}
