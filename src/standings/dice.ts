import seedrandom from 'seedrandom';
import type { Die } from '../rules/scoring/endings.js';

/** The same seed throws the same dice: a forecast says the same thing to everybody, on every instance. */
export const diceOf = (seed: string): Die => seedrandom(seed);
