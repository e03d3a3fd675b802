import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compiledOf, ROOT } from './workspace.mjs';

const RESULTS_PREFIX = 'TEST-RESULTS ';

/**
 * Runs one test file in a process of its own, at most `limitMs` long.
 *
 * @returns {Promise<{source: string, passed: number, failed: number, skipped: {name: string, reason: string}[], durationMs: number, output: string}>}
 *   `failed` is at least 1 whenever anything at all was not as it should be, whatever the exit code says.
 */
export async function runTestFile(source, options) {
  const script = join(ROOT, compiledOf(source));
  if (existsSync(script)) return { source, ...(await runScript(script, options)) };
  const output = `  FAIL ${script} does not exist: is its folder in the tsconfig.json of the package?\n`;
  return { source, passed: 0, failed: 1, skipped: [], durationMs: 0, output };
}

/** The same for a compiled file, without `source`. */
export async function runScript(script, { grep, limitMs }) {
  const startedAtMs = performance.now();
  const ended = await outputOf(script, { grep, limitMs });
  return { ...verdictOf(ended, limitMs), durationMs: performance.now() - startedAtMs };
}

/** The groups of the files that run now. */
const running = new Set();

/** Ends all that run: they are groups of their own, which a Ctrl-C at the terminal does not reach. */
export function stopRunning() {
  for (const groupId of running) stop(groupId);
}

/** A group of its own: a test's grandchildren are stopped with it. */
function outputOf(script, { grep, limitMs }) {
  return new Promise((resolve) => {
    const environment = { ...process.env, TEST_GREP: grep, NO_COLOR: '1' };
    delete environment.FORCE_COLOR;
    const child = spawn(process.execPath, ['--enable-source-maps', script], {
      cwd: ROOT,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child.pid);
    // Both streams as they come for people; the report is looked for in stdout alone, where nothing can come between its parts.
    const both = [];
    const stdout = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      stop(child.pid);
    }, limitMs);
    child.stdout.on('data', (chunk) => {
      both.push(chunk);
      stdout.push(chunk);
    });
    child.stderr.on('data', (chunk) => both.push(chunk));
    child.on('error', (error) => both.push(Buffer.from(`${error.message}\n`)));
    child.on('exit', () => setTimeout(() => stop(child.pid), 200).unref());
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child.pid);
      resolve({ output: Buffer.concat(both).toString(), stdout: Buffer.concat(stdout).toString(), timedOut, exit: signal ?? code });
    });
  });
}

/** Ends what is left of the group; that nothing is left is the usual case. */
function stop(groupId) {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function verdictOf({ output, stdout, timedOut, exit }, limitMs) {
  const closing = stdout.split('\n').findLast((line) => line.startsWith(RESULTS_PREFIX));
  const printed = output
    .split('\n')
    .filter((line) => !line.startsWith(RESULTS_PREFIX))
    .join('\n');
  const lost = (why) => ({ passed: 0, failed: 1, skipped: [], output: `${printed}\n  FAIL ${why}\n` });
  if (timedOut) return lost(`the file took longer than its limit of ${limitMs / 1000} s and was killed`);
  if (closing === undefined) return lost(`it ended (${exit}) without a report: does it declare tests with @raftlens/testing?`);
  const { passed, total, failed, skipped, finished } = JSON.parse(closing.slice(RESULTS_PREFIX.length));
  const failures = Math.max(failed.length, total - passed, finished && exit === 0 ? 0 : 1);
  return { passed, failed: failures, skipped, output: printed };
}
