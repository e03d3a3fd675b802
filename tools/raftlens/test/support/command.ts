import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runMain } from '@raftlens/command-line';
import { PROGRAM } from '../../src/program.ts';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

// yargs adds a listener for the end of the process at each call; here there are many calls in one process.
process.setMaxListeners(100);

interface Options {
  readonly cwd?: string;
  /** What is piped in; such a call runs in a process of its own. */
  readonly input?: string;
}

/** Runs raftlens as a user would, without a terminal and without colours. */
export async function raftlens(args: readonly string[], { cwd = process.cwd(), input }: Options = {}): Promise<CommandResult> {
  return input === undefined ? runHere(args, cwd) : runApart(args, cwd, input);
}

/** In this process, which takes a tenth of the time of a new one. */
async function runHere(args: readonly string[], cwd: string): Promise<CommandResult> {
  const before = { cwd: process.cwd(), exitCode: process.exitCode, out: process.stdout.write, err: process.stderr.write };
  const printed = { stdout: '', stderr: '' };
  const catching = (stream: 'stdout' | 'stderr') => (text: Uint8Array | string, written?: unknown) => {
    printed[stream] += String(text);
    if (typeof written === 'function') Reflect.apply(written, undefined, []);
    return true;
  };
  process.chdir(cwd);
  process.stdout.write = catching('stdout');
  process.stderr.write = catching('stderr');
  try {
    const code = await runMain(args, PROGRAM);
    return { code, ...printed };
  } finally {
    process.stdout.write = before.out;
    process.stderr.write = before.err;
    process.stdout.removeAllListeners('error');
    process.stderr.removeAllListeners('error');
    process.exitCode = before.exitCode;
    process.chdir(before.cwd);
  }
}

function runApart(args: readonly string[], cwd: string, input: string): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...process.env, NO_COLOR: '1', COLUMNS: '' } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}
