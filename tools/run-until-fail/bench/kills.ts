/**
 * Kills run-until-fail at random moments, and holds what it says in the end against what was run: nothing may be lost, nothing counted twice, and
 * no process left. The tool alone (with both launchers, by SIGKILL, resumed until it is done; its runs leave daemons behind), the workers of a shared
 * queue, and the one that hands out. `node tools/run-until-fail/dist/bench/kills.js [TOOL] [WORKERS] [COORDINATORS] [SEED]`: 150, 35 and 5 kills.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@raftlens/testing';
import { processesWith, type Started, type Tool, tool, until } from '../test/support/tool.ts';

const [toolKills = 150, workerKills = 35, coordinatorKills = 5, seed = 1] = process.argv.slice(2).map(Number);
const RUNS = 60;
const FAILS_EACH = 7;
const WORKERS = 3;
const WORKER_RUNS = 150;

/** Each run leaves a daemon, and a grandchild in a session of its own whose parent is gone; one in seven fails. */
const SCRIPT = `setsid sleep 471 </dev/null >/dev/null 2>&1 &
sh -c 'setsid sh -c "sleep 472" </dev/null >/dev/null 2>&1 &' &
sleep 0.0$((RUN_SEED % 9 + 1))
echo "seed $RUN_SEED"
[ $((RUN_SEED % ${FAILS_EACH})) -ne 0 ]
`;

let state = seed >>> 0;
const problems: string[] = [];
const times = new Map<string, number>();

await killTool();
await killQueue();
console.log([...times].map(([what, count]) => `${what}: ${count}`).join('\n'));
for (const problem of problems) console.log(`WRONG ${problem}`);
console.log(problems.length === 0 ? 'nothing lost, nothing counted twice, no process left' : `${problems.length} wrong`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function killTool(): Promise<void> {
  for (let session = 1; (times.get('kills of the tool') ?? 0) < toolKills; session++) {
    const launcher = session % 2 === 0 ? 'node' : 'perl';
    const mark = `KILLS_MARK=${process.pid}-${seed}-${session}`;
    const t = scripted({ RUN_UNTIL_FAIL_LAUNCHER: launcher, [mark.slice(0, mark.indexOf('='))]: mark.slice(mark.indexOf('=') + 1) });
    const words = ['--runs', String(RUNS), '--keep-going', '--jobs', '4', '--seed', '1'];
    const ended = await untilDone(t, words, launcher === 'perl' ? mark : null);
    holdAgainst(`session ${session} (${launcher})`, t, ended, RUNS);
    await holdNothingLeft(`session ${session} (${launcher})`, mark);
  }
}

/** Starts the session, and again with --resume, and kills each until one of them comes to its end. @param mark of what dies with the tool itself */
async function untilDone(t: Tool, words: readonly string[], mark: string | null): Promise<string> {
  let resume = false;
  // On a busy machine most of a second goes into starting: each later part gets longer, and so comes to its end.
  for (let longestMs = 2000; ; longestMs *= 1.3) {
    const { child, ended } = t.start(...words, ...(resume ? ['--resume'] : []), '--', 'sh', 'run.sh');
    const done = await Promise.race([ended, delay(100 + below(longestMs)).then(() => null)]);
    if (done === null) {
      child.kill('SIGKILL');
      count('kills of the tool');
      await ended;
      resume = true;
      if (mark !== null && below(4) === 0) await holdNothingLeft('after a kill (perl)', mark);
    } else if (/no interrupted session/.test(done.stderr)) {
      resume = false; // It was killed before it had begun.
    } else return done.stdout + done.stderr;
  }
}

function holdAgainst(what: string, t: Tool, printed: string, runs: number): void {
  count('sessions');
  console.error(`${what}, after ${times.get('kills of the tool') ?? 0} kills`);
  const fails = Math.floor(runs / FAILS_EACH);
  const said = /passed (\d+), failed (\d+)/.exec(printed);
  if (Number(said?.[1]) !== runs - fails || Number(said?.[2]) !== fails)
    problems.push(`${what}: ${said?.[0] ?? printed.slice(-300)}, and not passed ${runs - fails}, failed ${fails}`);
  const kept = t.runs().filter(({ info }) => info.outcome === 'fail');
  const seeds = new Set(kept.map(({ info }) => info.seed));
  if (seeds.size !== fails) problems.push(`${what}: ${seeds.size} of ${fails} failures are kept`);
  // Killed between keeping a run and saving that it is counted, it is run again, and its folder is there twice.
  for (let more = kept.length - seeds.size; more > 0; more--) count('failures kept once more');
  const abandoned = t.runs().filter(({ info }) => info.outcome === 'abandoned');
  for (let more = abandoned.length; more > 0; more--) count('outputs of killed runs kept');
}

async function holdNothingLeft(what: string, mark: string): Promise<void> {
  await until('nothing is left', () => processesWith(mark).length === 0, 5000).catch(() => {
    problems.push(`${what}: ${processesWith(mark).length} processes are left`);
    for (const pid of processesWith(mark)) process.kill(pid, 'SIGKILL');
  });
}

async function killQueue(): Promise<void> {
  if (workerKills + coordinatorKills === 0) return;
  const port = await freePort();
  const redis = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no', '--dir', temporaryFolder()]);
  let log = '';
  redis.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await until('Redis is ready', () => log.includes('Ready to accept connections'), 20_000);
  const rounds = Math.max(1, coordinatorKills, Math.ceil(workerKills / 7));
  for (let round = 1; round <= rounds; round++)
    await killInRound(`redis://127.0.0.1:${port}`, round, share(workerKills, rounds, round), share(coordinatorKills, rounds, round));
  await ended(redis);
}

async function killInRound(url: string, round: number, workers: number, coordinators: number): Promise<void> {
  const mark = `KILLS_MARK=${process.pid}-${seed}-queue-${round}`;
  const variables = { KILLS_MARK: mark.slice(mark.indexOf('=') + 1) };
  const t = scripted(variables);
  const words = ['--queue', url, '--runs', String(WORKER_RUNS), '--keep-going', '--seed', '1'];
  const serving = Array.from({ length: WORKERS }, () => startWorker(url, variables));
  let home = t.start(...words, '--', 'sh', 'run.sh');
  const acts = [...Array.from({ length: workers }, () => 'worker'), ...Array.from({ length: coordinators }, () => 'coordinator')];
  for (const act of shuffled(acts)) {
    await delay(300 + below(1500));
    if (act === 'worker') {
      const at = below(WORKERS);
      serving[at]?.child.kill('SIGKILL');
      await serving[at]?.ended;
      serving[at] = startWorker(url, variables);
      count('kills of workers');
    } else if (home.child.exitCode === null) {
      home.child.kill('SIGKILL');
      await home.ended;
      home = t.start(...words, '--resume', '--', 'sh', 'run.sh');
      count('kills of the one that hands out');
    }
  }
  let { stdout, stderr } = await home.ended;
  if (/no interrupted session/.test(stderr)) ({ stdout, stderr } = await t.run(...words, '--', 'sh', 'run.sh'));
  for (const { child } of serving) child.kill('SIGINT');
  await Promise.all(serving.map((worker) => worker.ended));
  holdAgainst(`round ${round}`, t, stdout + stderr, WORKER_RUNS);
  await holdNothingLeft(`round ${round}`, mark);
}

function startWorker(url: string, variables: Readonly<Record<string, string>>): Started {
  return scripted(variables).start('--queue', url, '--worker', '--jobs', '2', '--', 'sh', 'run.sh');
}

function scripted(environment: Readonly<Record<string, string>>): Tool {
  const t = tool(environment);
  mkdirSync(t.folder, { recursive: true });
  writeFileSync(join(t.folder, 'run.sh'), SCRIPT);
  return t;
}

function share(all: number, rounds: number, round: number): number {
  return Math.floor((all * round) / rounds) - Math.floor((all * (round - 1)) / rounds);
}

function shuffled(acts: readonly string[]): readonly string[] {
  return acts
    .map((act) => ({ act, at: below(1 << 20) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ act }) => act);
}

function count(what: string): void {
  times.set(what, (times.get(what) ?? 0) + 1);
}

function below(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function ended(child: ChildProcess): Promise<unknown> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  return exit;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
