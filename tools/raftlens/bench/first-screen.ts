/** How long a user waits for the first screen: from the start of the process, in a terminal of 200x60 that `script` of util-linux makes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FirstScreen {
  readonly wallMs: number;
  /** Processor time of the process up to then, all its threads; NaN where the system does not tell. */
  readonly cpuMs: number;
}

const STARTED = /@(\d+)@/;

/** The median over several starts of `command`, whose screen is there once its output holds `sign`. */
export async function firstScreenOf(command: readonly string[], sign: string, repeats: number): Promise<FirstScreen> {
  const folder = mkdtempSync(join(tmpdir(), 'raftlens-first-'));
  const runs: FirstScreen[] = [];
  try {
    for (let repeat = 0; repeat < repeats; repeat += 1) runs.push(await startOnce(command, sign, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  return { wallMs: median(runs.map(({ wallMs }) => wallMs)), cpuMs: median(runs.map(({ cpuMs }) => cpuMs)) };
}

function startOnce(command: readonly string[], sign: string, stateFolder: string): Promise<FirstScreen> {
  const env = { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', XDG_STATE_HOME: stateFolder };
  const shell = `stty cols 200 rows 60; printf "@$$@"; exec ${command.map((word) => `'${word}'`).join(' ')}`;
  const child = spawn('script', ['-qec', shell, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let output = '';
    let startedAt = Number.NaN;
    let measured: FirstScreen | null = null;
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      const pid = STARTED.exec(output)?.[1];
      if (pid === undefined || measured !== null) return;
      if (Number.isNaN(startedAt)) startedAt = performance.now();
      if (!output.includes(sign)) return;
      measured = { wallMs: performance.now() - startedAt, cpuMs: cpuMsOf(pid) };
      process.kill(Number(pid), 'SIGTERM');
    });
    child.on('close', () => {
      if (measured === null) reject(new Error(`${command.join(' ')} ended without a screen:\n${output}`));
      else resolve(measured);
    });
  });
}

/** Linux counts each thread's time on a processor in nanoseconds; of threads that have ended it tells no more. */
function cpuMsOf(pid: string): number {
  try {
    return (
      readdirSync(`/proc/${pid}/task`).reduce(
        (sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
        0,
      ) / 1e6
    );
  } catch {
    return Number.NaN;
  }
}
