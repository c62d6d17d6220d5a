export type Stage = 'reading' | 'root' | 'order' | 'done';
export type Progress = (stage: Stage, done: number, total: number) => void;

/** One line on the terminal that shows how far the check is; nothing where no person is watching. */
export function progressBar(words: (stage: Stage, percent: number) => string): Progress {
  let shown = '';
  return (stage, done, total) => {
    if (!process.stderr.isTTY) return;
    const line = stage === 'done' ? '' : words(stage, total === 0 ? 100 : Math.floor((100 * done) / total));
    if (line === shown) return;
    process.stderr.write(`\r${line.padEnd(shown.length)}${stage === 'done' ? '\r' : ''}`);
    shown = line;
  };
}
