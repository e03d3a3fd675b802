import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { readRun } from '@raftlens/events';

/** On a terminal, asks whether to open the log of a failed run, and does. */
export async function offerToLook(folder: string | null): Promise<void> {
  if (folder === null || !process.stdin.isTTY || !process.stdout.isTTY || process.env['TERM'] === 'dumb') return;
  if (readRun(folder).eventFiles.length === 0) return;
  if (await ask('Open it in raftlens? [y/N] ')) await openRaftlens(folder);
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-D and Ctrl-C at the question are a no.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return /^y(es)?$/i.test((await Promise.race([terminal.question(question), closed])).trim());
  } finally {
    terminal.close();
  }
}

function openRaftlens(folder: string): Promise<void> {
  // Beside us in the repository; from a package registry it is on the PATH.
  const beside = fileURLToPath(new URL('../../../../raftlens/bin/raftlens.mjs', import.meta.url));
  const [program, ...words] = existsSync(beside) ? [process.execPath, beside, folder] : ['raftlens', folder];
  return new Promise((resolve) => {
    const child = spawn(program ?? '', words, { stdio: 'inherit' });
    child.once('error', (error) => {
      process.stderr.write(`cannot start raftlens: ${error.message}\n`);
      resolve();
    });
    child.once('exit', () => resolve());
  });
}
