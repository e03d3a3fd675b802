/** A kept run as the bounds see it. */
export interface KeptSize {
  readonly folder: string;
  readonly bytes: number;
  readonly passed: boolean;
  /** The one kept example of its signature: it stays, whatever the bounds say. */
  readonly example: boolean;
}

export interface Bounds {
  readonly runsMax: number;
  readonly bytesMax: number;
}

/**
 * Which runs to drop so that the rest keeps within the bounds: the oldest passing runs first, then the oldest failures whose signature has
 * another example. The first example of each signature stays, and so may exceed the bounds: losing the only evidence would be worse.
 *
 * @param kept oldest first
 */
export function runsToDrop(kept: readonly KeptSize[], bounds: Bounds): readonly KeptSize[] {
  let runs = kept.length;
  let bytes = kept.reduce((sum, run) => sum + run.bytes, 0);
  const dropped: KeptSize[] = [];
  for (const run of [...kept.filter((one) => one.passed), ...kept.filter((one) => !one.passed && !one.example)]) {
    if (runs <= bounds.runsMax && bytes <= bounds.bytesMax) break;
    dropped.push(run);
    runs -= 1;
    bytes -= run.bytes;
  }
  return dropped;
}
