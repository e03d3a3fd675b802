import { table } from '@raftlens/command-line';
import { meanMs, percentileMs, trialsOf } from './distribution.ts';
import type { SweptRange } from './sweep.ts';
import { labelOf } from './timeout-range.ts';

/** One line a range: how long elections took, and which rules of thumb the range breaks. */
export function reportTable(swept: readonly SweptRange[]): string {
  const columns = [
    { title: 'timeouts' },
    ...['trials', 'mean', 'median', 'p95', 'p99', 'max', 'no leader'].map((title) => ({ title, align: 'right' as const })),
    { title: 'rules of thumb broken' },
  ];
  return table(columns, swept.map(rowOf));
}

function rowOf({ range, distribution, broken }: SweptRange): string[] {
  const percentiles = [0.5, 0.95, 0.99, 1].map((p) => milliseconds(percentileMs(distribution, p)));
  return [
    labelOf(range),
    String(trialsOf(distribution)),
    milliseconds(meanMs(distribution)),
    ...percentiles,
    String(distribution.unfinished),
    broken.join(', ') || '-',
  ];
}

/** An infinite time is one that nobody waited for. */
function milliseconds(ms: number): string {
  return Number.isFinite(ms) ? `${Math.round(ms)} ms` : 'over limit';
}

/** The same as one JSON object a range. */
export function reportJson({ range, distribution, broken }: SweptRange): string {
  const finite = (ms: number): number | null => (Number.isFinite(ms) ? Math.round(ms * 1000) / 1000 : null);
  return JSON.stringify({
    minMs: range.minMs,
    maxMs: range.maxMs,
    trials: trialsOf(distribution),
    unfinished: distribution.unfinished,
    meanMs: finite(meanMs(distribution)),
    medianMs: finite(percentileMs(distribution, 0.5)),
    p95Ms: finite(percentileMs(distribution, 0.95)),
    p99Ms: finite(percentileMs(distribution, 0.99)),
    slowestMs: finite(percentileMs(distribution, 1)),
    broken,
  });
}
