/**
 * The draws of a run as data: for each label a flat list of pairs (n, value), which says that the n-th draw of the label, from 0,
 * gave that value. A full tape makes its run independent of the seed; a shrunk one holds only what still matters.
 */
export interface Tape {
  readonly version: 1;
  /** Where a draw that the tape does not hold comes from: the seed, or the calmest value (no delay, no loss, no chance event). */
  readonly rest: 'seed' | 'calm';
  readonly draws: Readonly<Record<string, readonly number[]>>;
}
