#!/usr/bin/env node
// A file of its own, because the package manager links the command before the build has made dist/.
import { statSync } from 'node:fs';
import module from 'node:module';

/** When the file was made; null where it is not there. */
const timeOf = (path) => statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? null;

// Keeps compiled code between calls, from Node 22.8 on.
module.enableCompileCache?.();
// The bundle starts in a third of the time. After a compilation alone it is not there yet, or stale.
const bundled = timeOf('../dist/bundle/main.js');
const compiled = timeOf('../dist/.tsbuildinfo');
await import(bundled !== null && bundled >= (compiled ?? 0) ? '../dist/bundle/main.js' : '../dist/src/main.js');
