import Sequencer from '@jest/test-sequencer';

/**
 * What takes longest, longest first: begun last, it would keep one core waiting at the end. What drives a browser keeps two
 * cores busy by itself, so two of them do not stand side by side.
 */
const LONG = [
  'test/browser/pages.spec.ts',
  'test/demo-filling.spec.ts',
  'test/demo.spec.ts',
  'test/browser/journeys.spec.ts',
  'test/payments-faults.spec.ts',
  'test/draws-command.spec.ts',
  'test/draws-held.spec.ts',
  'test/browser/ceremony.spec.ts',
  'test/embedded.spec.ts',
  'test/verify-page.spec.ts',
  'test/fields-commands.spec.ts',
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return super.sort(tests).sort((a, b) => place(a) - place(b));
  }
}
