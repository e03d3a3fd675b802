/**
 * What a key costs on a log of millions of lines: the state, the frame, and blessed's writing of it, on a screen of 200x60. Give a size
 * after `--`, as in `npm run bench -- inspector -- 1GiB`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLog } from '@raftlens/log-store';
import { Inspector } from '../src/controllers/inspector.ts';
import { pressKey } from '../src/controllers/keys.ts';
import { initialState } from '../src/model/state.ts';
import { themeOf } from '../src/text/theme.ts';
import { countText } from '../src/text/time.ts';
import { Terminal } from '../src/views/terminal.ts';

const WIDTH = 200;
const HEIGHT = 60;
const REPEATS = 200;

const folder = mkdtempSync(join(tmpdir(), 'raftlens-bench-'));
try {
  await run(process.argv[2] ?? '100MiB');
} finally {
  rmSync(folder, { recursive: true });
}

async function run(size: string): Promise<void> {
  const path = join(folder, 'events.ndjson');
  const generator = fileURLToPath(new URL('../../../../packages/log-store/dist/bench/generate.js', import.meta.url));
  execFileSync(process.execPath, [generator, size, path]);
  const terminal = new Terminal({ input: screen(), output: screen(), term: 'xterm-256color', ascii: false, mouse: false });
  const openedAt = performance.now();
  const store = await openLog(path);
  const inspector = new Inspector({
    store,
    name: path,
    state: initialState({ width: WIDTH, height: HEIGHT, depth: 256, theme: 'dark', ascii: false }),
    opensAtViolation: false,
    // It runs in a thread of its own in real use; here it would only disturb the measurement.
    makeCheck: () => Promise.reject(new Error('no check was asked for')),
    host: { changed: () => {}, quit: () => {}, redraw: () => {}, suspend: () => {}, writeExport: () => Promise.resolve('') },
  });
  const draw = () => terminal.draw(inspector.frame(), themeOf('dark', 256));
  const started = inspector.start();
  while (inspector.app.state.lines.count === 0) await nextTurn();
  draw();
  const firstMs = performance.now() - openedAt;
  await started;
  await store.done;
  while (inspector.app.state.lines.rowCount < store.size) await nextTurn();
  const wholeMs = performance.now() - openedAt;

  const rows: [string, number, number][] = [];
  const measure = (what: string, ...keys: string[]) => {
    const costs: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      const name = keys[repeat % keys.length] ?? '';
      const from = cpuMs();
      pressKey(inspector.app, { name, character: null });
      draw();
      costs.push(cpuMs() - from);
    }
    costs.sort((a, b) => a - b);
    rows.push([what, costs[REPEATS / 2] ?? 0, costs[Math.floor(REPEATS * 0.99)] ?? 0]);
  };
  inspector.app.dispatch({ type: 'goToLine', line: inspector.app.state.lines.count >> 1 });
  measure('scroll a line', 'j');
  measure('scroll a page', 'pagedown', 'pageup');
  measure('jump to the first and the last line', 'g', 'G');
  measure('jump from election to election', 'e');
  measure('jump from commit to commit', 'c');
  pressKey(inspector.app, { name: 'tab', character: null });
  measure('scroll a line, state panel open', 'k');
  pressKey(inspector.app, { name: 'tab', character: null });

  console.log(`${countText(store.size)} lines (${size}), screen ${WIDTH}x${HEIGHT}`);
  console.log(
    `first screen ${firstMs.toFixed(0)} ms after opening, whole list ${wholeMs.toFixed(0)} ms, memory ${Math.round(process.memoryUsage.rss() / 1e6)} MB\n`,
  );
  console.log('| key and frame | median, CPU ms | 99 %, CPU ms |\n| --- | ---: | ---: |');
  for (const [what, median, high] of rows) console.log(`| ${what} | ${median.toFixed(2)} | ${high.toFixed(2)} |`);

  const filterFrom = performance.now();
  inspector.app.dispatch({ type: 'filter', filter: 'op=Commit node=S2' });
  await inspector.app.refeed();
  draw();
  console.log(
    `\nfilter \`op=Commit node=S2\`: ${(performance.now() - filterFrom).toFixed(0)} ms to ${countText(inspector.app.state.lines.rowCount)} lines on the screen`,
  );
  await inspector.stop();
  terminal.close();
  store.close();
}

/** CPU time of the process: other work on the machine does not count. The workers that index have ended when it is used. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A terminal that swallows what it is sent. */
function screen(): Duplex {
  return Object.assign(new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() }), {
    isTTY: true,
    columns: WIDTH,
    rows: HEIGHT,
    setRawMode() {},
  });
}
