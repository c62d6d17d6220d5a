import type { CodeFormat } from '../../rules/eligibility/code.js';
import type { Period, Terms } from '../../rules/eligibility/terms.js';

/** All that decides a batch besides its rows, read under the lock of the ledger. */
export interface Plan {
  readonly promotionId: number;
  readonly terms: Terms;
  readonly periods: readonly Period[];
  readonly format: CodeFormat;
  /** Whole seconds since 1970 at which the office recorded the batch. */
  readonly recordedAt: number;
  /** When the work is done; stamps what it writes. */
  readonly now: Date;
  readonly last: {
    readonly batch: number;
    readonly payment: number;
    readonly payer: number;
    readonly entry: number;
  };
  /** Keyed fingerprints of those kept out, as latin1 text. */
  readonly exclusions: ReadonlySet<string>;
}
