import { environmentOf, processNames, readStat, signalProcess } from './process-group.ts';

/** A process that outlived the command of a run and has left its group: a daemon, say, or whatever setsid(1) started. */
interface StrayProcess {
  readonly pid: number;
  readonly startTicks: string;
  readonly spentMs: number;
}

/** What came of looking for strays. */
export interface StraysEnded {
  /** There were some that would not have ended by themselves at once. */
  readonly left: boolean;
  /** The processor time that they had taken when they were last seen, in steps of 10 ms. */
  readonly spentMs: number;
}

const NONE: StraysEnded = { left: false, spentMs: 0 };

/** How the processes of a run are known, wherever they are: by the variable RUN_DIR, which every command passes on unless it means not to. */
export interface StrayMarks {
  /** NAME=VALUE in the environment: of the run, or of the whole session. */
  readonly variable: string;
  /**
   * Children of this process without a variable RUN_DIR are meant, too; null where they may be another run's. It is asked at each look: a run that
   * starts meanwhile is such a child until it has become its command, and for as long as it lives where its command clears its environment.
   */
  readonly adoptedBy: () => number | null;
}

const POLL_MS = 30;

/**
 * Ends the strays of a run: asks, and kills after `killAfterMs` what has not obeyed. What they start meanwhile is ended with them. Linux only: where
 * there is no /proc nothing is found.
 */
export async function endStrays(marks: StrayMarks, killAfterMs: number): Promise<StraysEnded> {
  let strays = straysOf(marks, []);
  if (strays.length === 0) return NONE;
  const spent = new Map(strays.map((stray) => [nameOf(stray), stray.spentMs]));
  const result = (left: boolean): StraysEnded => ({ left, spentMs: [...spent.values()].reduce((sum, ms) => sum + ms, 0) });
  await delay(POLL_MS);
  strays = straysOf(marks, strays);
  if (strays.length === 0) return result(false);
  const deadlineMs = performance.now() + killAfterMs;
  const asked = new Set<string>();
  for (; strays.length > 0; strays = straysOf(marks, strays)) {
    const isLate = performance.now() >= deadlineMs;
    // They would not be gone before the next look: two looks after the deadline something cannot be killed.
    if (performance.now() >= deadlineMs + 10 * POLL_MS) return result(true);
    for (const stray of strays) {
      spent.set(nameOf(stray), stray.spentMs);
      if (isLate) signalProcess(stray.pid, 'SIGKILL');
      else if (!asked.has(nameOf(stray))) askToEnd(stray);
      asked.add(nameOf(stray));
    }
    await delay(POLL_MS);
  }
  return result(true);
}

function askToEnd({ pid }: StrayProcess): void {
  signalProcess(pid, 'SIGTERM');
  signalProcess(pid, 'SIGCONT');
}

function nameOf({ pid, startTicks }: StrayProcess): string {
  return `${pid} ${startTicks}`;
}

/** @param known found before: they stay strays, whoever runs now */
function straysOf(marks: StrayMarks, known: readonly StrayProcess[]): readonly StrayProcess[] {
  const { variable } = marks;
  const adoptedBy = marks.adoptedBy();
  const knownNames = new Set(known.map(nameOf));
  const strays: StrayProcess[] = [];
  for (const name of processNames()) {
    const environment = environmentOf(name);
    // A process that another user owns, or a zombie, has none that we may read.
    if (environment === null) continue;
    const isMarked = environment.includes(variable);
    const mayBeAdopted = (adoptedBy !== null || known.length > 0) && !environment.some((word) => word.startsWith('RUN_DIR='));
    if (!isMarked && !mayBeAdopted) continue;
    const stat = readStat(name);
    if (stat === null || stat.state === 'Z' || stat.state === 'X') continue;
    const stray = { pid: Number(name), startTicks: stat.startTicks, spentMs: stat.spentMs };
    if (isMarked || stat.parent === adoptedBy || knownNames.has(nameOf(stray))) strays.push(stray);
  }
  return strays;
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
