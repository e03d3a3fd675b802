#!/usr/bin/env node
// A file of its own, because the package manager links the command before the build has made dist/.
try {
  await import('../dist/src/main.js');
} catch (error) {
  // Node's own exit code for a module that cannot be loaded (too many open files, say) is 1, which says that a run failed.
  const [message = ''] = String(error instanceof Error ? error.message : error).split('\n');
  process.stderr.write(`run-until-fail: cannot be loaded: ${message}\n`);
  process.exitCode = 3;
}
