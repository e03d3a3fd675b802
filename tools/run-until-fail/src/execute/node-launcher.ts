/** The launcher for machines without perl: the same as launcher/launcher.pl, by Node's own means and about half as quick. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { errnoOf } from '../errors.ts';
import { type Answer, encodeAnswer, joinStatus, RequestReader, type Stage } from './launcher-protocol.ts';
import { signalGroup } from './process-group.ts';

let directory = '/';
let environment: Record<string, string> = {};
const running = new Set<number>();
const leftBehind = new Set<number>();

function answer(said: Answer): void {
  process.stdout.write(encodeAnswer(said));
}

function perform([kind, ...words]: readonly string[]): void {
  if (kind === 'start') start(words);
  if (kind === 'forget') forget(Number(words[0]));
  if (kind === 'plan') {
    directory = words[0] ?? directory;
    environment = variables(words.slice(1));
  }
}

/** Node does not tell what processor time a child took. */
function forget(pid: number): void {
  leftBehind.delete(pid);
  answer({ type: 'spent', pid, spentUs: null });
}

function variables(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(assignments.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
}

function start([numberText, output = '', countText, ...words]: readonly string[]): void {
  const number = Number(numberText);
  const count = Number(countText);
  const failed = (error: unknown, stage: Stage): void => answer({ type: 'failed', number, errno: errnoOf(error), stage });
  let file: number;
  try {
    file = openSync(output, 'a');
  } catch (error) {
    return failed(error, 'output');
  }
  try {
    const [program = '', ...rest] = words.slice(count);
    const child = spawn(program, rest, {
      cwd: directory,
      env: { ...environment, ...variables(words.slice(0, count)) },
      detached: true,
      stdio: ['ignore', file, file],
    });
    child.once('error', (error) => failed(error, 'command'));
    if (child.pid !== undefined) watch(number, child, child.pid);
  } catch (error) {
    failed(error, 'command');
  } finally {
    closeSync(file);
  }
}

function watch(number: number, child: ChildProcess, pid: number): void {
  running.add(pid);
  answer({ type: 'started', number, pid });
  child.once('exit', (code, signal) => {
    running.delete(pid);
    const left = signalGroup(pid, 0);
    if (left) leftBehind.add(pid);
    // Node has no way to adopt what leaves its group: the tool looks for it itself.
    answer({ type: 'exited', number, status: joinStatus(code, signal), left, strays: false, spentUs: null });
  });
}

/** The tool is done with us, or dead: what still runs is nobody's. */
function endAll(): void {
  for (const group of [...running, ...leftBehind]) signalGroup(group, 'SIGKILL');
  process.exit(0);
}

const reader = new RequestReader();
process.stdin.on('data', (chunk: Buffer) => reader.read(chunk).forEach(perform));
process.stdin.on('end', endAll);
process.stdin.on('error', endAll);
process.stdout.on('error', endAll);
answer({ type: 'ready' });
