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
export async function runTestFile(source, { grep, limitMs }) {
  const startedAtMs = performance.now();
  const script = join(ROOT, compiledOf(source));
  if (!existsSync(script))
    return verdict(source, startedAtMs, {
      output: `${script} does not exist: is it in the package's tsconfig.json?\n`,
      timedOut: false,
      exit: 'no file',
    });
  return verdict(source, startedAtMs, await outputOf(script, { grep, limitMs }));
}

/** A group of its own, so that a test's grandchildren are stopped with it. */
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
    const chunks = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      stop(child.pid);
    }, limitMs);
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => chunks.push(Buffer.from(`${error.message}\n`)));
    child.on('exit', () => setTimeout(() => stop(child.pid), 200).unref());
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ output: Buffer.concat(chunks).toString(), timedOut, exit: signal ?? code, limitMs });
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

function verdict(source, startedAtMs, { output, timedOut, exit, limitMs }) {
  const durationMs = performance.now() - startedAtMs;
  const lines = output.split('\n');
  const closing = lines.findLast((line) => line.startsWith(RESULTS_PREFIX));
  const base = { source, durationMs, output: lines.filter((line) => line !== closing).join('\n') };
  if (timedOut)
    return {
      ...base,
      passed: 0,
      failed: 1,
      skipped: [],
      output: `${base.output}\n  FAIL the file took longer than its limit of ${limitMs / 1000} s and was killed\n`,
    };
  if (closing === undefined)
    return {
      ...base,
      passed: 0,
      failed: 1,
      skipped: [],
      output: `${base.output}\n  FAIL it ended (${exit}) without a report: does it declare tests with @raftlens/testing?\n`,
    };
  const { passed, total, failed, skipped, finished } = JSON.parse(closing.slice(RESULTS_PREFIX.length));
  const failures = Math.max(failed.length, total - passed, finished && exit === 0 ? 0 : 1);
  return { ...base, passed, failed: failures, skipped };
}
