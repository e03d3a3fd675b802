/**
 * How long it takes to decide histories of a key/value service: clients whose operations overlap, each taking place at a moment between
 * its call and its end. CPU time, median of 9 after a warm-up; the longest history once. Prints a Markdown table.
 */
import { cpus } from 'node:os';
import { checkHistory, keyValueModel, type Operation } from '../src/index.ts';

/** A history that is legal by its making: the outputs are those of the moments at which the operations took place. */
function historyOf(clients: number, operations: number, keys: number, kinds: readonly string[], seed: number): Operation[] {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return ((state >>> 8) * below) >>> 24;
  };
  const free = new Array<number>(clients).fill(0);
  const drawn = Array.from({ length: operations }, (_, n) => {
    const client = n % clients;
    const call = (free[client] ?? 0) + random(1000) + 1;
    const moment = call + random(1000) + 1;
    const end = moment + random(1000) + 1;
    free[client] = end;
    const f = kinds[random(kinds.length)] ?? 'get';
    return { n, client, call, moment, end, f, key: `k${random(keys)}` };
  });
  const values = new Map<string, string>();
  return drawn
    .sort((a, b) => a.moment - b.moment || a.n - b.n)
    .map(({ n, client, call, end, f, key }): Operation => {
      const before = values.get(key) ?? '';
      const input = f === 'get' ? '' : `${n};`;
      if (f === 'put') values.set(key, input);
      if (f === 'append') values.set(key, before + input);
      // Moments are spread out, so that no two events stand in one place.
      return {
        client: `C${client}`,
        opid: n,
        f,
        key,
        input,
        output: f === 'get' ? before : input,
        failed: false,
        call: call * 65_536 + n,
        end: end * 65_536 + n,
        callSeq: 0,
        endSeq: 0,
      };
    });
}

/** The same history with one read near its end that gives what was never written. */
function spoilt(history: readonly Operation[]): Operation[] {
  const at = history.findLastIndex(({ f }) => f === 'get');
  return history.map((operation, n) => (n === at ? { ...operation, output: 'never written' } : operation));
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; CPU time, median of 9; of the longest history, one run.\n`,
);
const MIXED = ['get', 'get', 'put', 'append'];
const APPENDS = ['get', 'append'];
const ROUNDS = 12;

console.log('| clients | operations | keys | kinds | history | verdict | steps | ms |');
console.log('| ---: | ---: | ---: | --- | --- | --- | ---: | ---: |');
for (const [clients, operations, keys, kinds] of [
  [50, 10_000, 100, MIXED],
  [50, 10_000, 20, MIXED],
  [50, 10_000, 10, MIXED],
  [50, 10_000, 10, APPENDS],
  [5, 2000, 1, MIXED],
  [10, 120_000, 1, MIXED],
] as const) {
  for (const wrong of [false, true]) {
    const rounds = operations > 10_000 ? 1 : ROUNDS;
    const times: number[] = [];
    let row = '';
    for (let round = 0; round < rounds; round += 1) {
      const history = historyOf(clients, operations, keys, kinds, 42 + round);
      const judged = wrong ? spoilt(history) : history;
      const start = cpuMs();
      const { verdict, steps } = checkHistory(keyValueModel, judged, { stepsMax: 20_000_000 });
      if (round >= Math.min(3, rounds - 1)) times.push(cpuMs() - start);
      row = `| ${clients} | ${operations} | ${keys} | ${[...new Set(kinds)].join(', ')} | ${wrong ? 'one wrong read' : 'legal'} | ${verdict} | ${steps}`;
    }
    times.sort((a, b) => a - b);
    console.log(`${row} | ${(times[times.length >> 1] ?? 0).toFixed(1)} |`);
  }
}
const { rss } = process.memoryUsage();
console.log(`\n${Math.round(rss / 1e6)} MB of memory at the end.`);
