import { type Column, printable, table } from '@raftlens/command-line';
import { formatCount, formatRate, plural } from '../format.ts';
import { wilsonInterval } from '../results/confidence.ts';
import { type LevelCount, standoutOf } from '../results/shake-counts.ts';

const CLEAR = 0.05;

/** Under which setting of --shake a test fails most, and how sure that is. Safe to print; nothing where nothing was shaken. */
export function shakeLines(counts: readonly LevelCount[] | null): readonly string[] {
  if (counts === null || new Set(counts.map(({ factor }) => factor)).size === counts.length) return []; // All in one way.
  const failed = counts.filter((count) => count.failed > 0);
  if (failed.length === 0) return ['', 'shaken: no run failed under any setting'];
  if (failed.every((count) => count.failed === 1)) return ['', ...onceLine(failed)];
  return [
    '',
    'shaken, and how often it failed by setting:',
    ...levelTable(counts)
      .split('\n')
      .map((line) => `  ${line}`),
    verdictOn(counts),
  ];
}

/** One failure, most likely, has one value of each factor. */
function onceLine(failed: readonly LevelCount[]): readonly string[] {
  const levels = failed.map(({ level }) => printable(level)).join(', ');
  return [`shaken: it failed under ${levels}; so few failures do not tell which of these matters (--until-failures 20)`];
}

function levelTable(counts: readonly LevelCount[]): string {
  const columns: readonly Column[] = [
    { title: 'setting' },
    { title: 'failed/runs', align: 'right' },
    { title: 'rate', align: 'right' },
    { title: 'at 95 %', align: 'right' },
  ];
  const factors = [...new Set(counts.map(({ factor }) => factor))];
  const sorted = factors.flatMap((factor) => counts.filter((count) => count.factor === factor).toSorted((a, b) => rateOf(b) - rateOf(a)));
  const rows = sorted.map((count) => {
    const { low, high } = wilsonInterval(count.failed, count.runs);
    return [
      printable(count.level),
      `${formatCount(count.failed)}/${formatCount(count.runs)}`,
      formatRate(rateOf(count)),
      `${formatRate(low)} to ${formatRate(high)}`,
    ];
  });
  return table(columns, rows);
}

function rateOf({ failed, runs }: Pick<LevelCount, 'failed' | 'runs'>): number {
  return runs === 0 ? 0 : failed / runs;
}

/** One line, to be taken at its word. */
export function verdictOn(counts: readonly LevelCount[]): string {
  const standout = standoutOf(counts);
  if (standout === null) return 'there were too few runs to compare settings';
  const { level, others, chance, compared } = standout;
  const numbers = `${formatCount(level.failed)} of ${plural(level.runs, 'run')}, and ${formatCount(others.failed)} of ${formatCount(others.runs)} without`;
  const luck = `chance alone does that in ${chance < 0.0001 ? 'less than 0.01 %' : formatRate(chance)} of such sessions (${compared} values compared)`;
  if (chance < CLEAR) return `it fails most under ${printable(level.level)}: ${numbers}; ${luck}`;
  return `no setting stands out: most under ${printable(level.level)}, ${numbers}, but ${luck}; more failures would tell (--until-failures 20)`;
}
