import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { readRun } from '@raftlens/events';
import { raftlensWords } from '../raftlens.ts';

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
  const [program, ...words] = raftlensWords();
  return new Promise((resolve) => {
    const child = spawn(program, [...words, folder], { stdio: 'inherit' });
    child.once('error', (error) => {
      process.stderr.write(`cannot start raftlens: ${error.message}\n`);
      resolve();
    });
    child.once('exit', () => resolve());
  });
}
