import type { Profile } from '../../payments/reading/profile.js';
import type { Tallies } from './tallies.js';

/** Bytes from which on a file is worth more of the server's memory for sorting, joining and indexing. */
export const LARGE = 8 * 1_048_576;

/** A file to be imported, and where to keep what does not fit into memory meanwhile. */
export interface ImportFile {
  readonly batchId: number;
  readonly sourceId: number;
  readonly path: string;
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly profile: Profile;
  readonly folder: string;
  /** Whether its payments wait in memory until they are loaded, or in the folder. */
  readonly inMemory: boolean;
}

/** Called as bytes are read, and as rows are written, which counts as as many bytes again; throws to stop. */
export type Progress = (readBytes: number, readRows: number) => Promise<void>;

export interface Imported {
  readonly tallies: Tallies;
  readonly payments: number;
  readonly lastPayment: number;
  readonly payers: number;
  readonly entries: number;
  readonly conflicts: number;
  /** Lines of a statement that are no payments. */
  readonly passedOver: number;
}
