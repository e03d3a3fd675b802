import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { removeTree } from '../src/files.ts';
import { outputOf, TOOL, type Tool, tool } from './support/tool.ts';

const it = suite('what a test does to its folder');

/** What a failing run may do to its folder; after it, what the run printed is kept and no more than that. */
const DEEDS: Readonly<Record<string, string>> = {
  'removes it': 'rm -rf "$RUN_DIR"',
  'removes its output': 'rm "$RUN_DIR/output.log"',
  'puts a file in its place': 'rm -rf "$RUN_DIR"; echo x >"$RUN_DIR"',
  'puts a pipe in its place': 'rm -rf "$RUN_DIR"; mkfifo "$RUN_DIR"',
  'puts a link to another folder in its place': 'rm -rf "$RUN_DIR"; ln -s "$OTHER" "$RUN_DIR"',
  'puts a link in the place of its output': 'ln -sf "$OTHER/secret" "$RUN_DIR/output.log"',
  'puts a link to an endless device in the place of its output': 'ln -sf /dev/zero "$RUN_DIR/output.log"',
  'puts a pipe in the place of its output': 'rm "$RUN_DIR/output.log"; mkfifo "$RUN_DIR/output.log"',
  'puts a folder in the place of its output': 'rm "$RUN_DIR/output.log"; mkdir -p "$RUN_DIR/output.log/deep"',
  'leaves another file in the place of its output': 'mv "$RUN_DIR/output.log" "$RUN_DIR/mine"; echo other >"$RUN_DIR/output.log"',
  'makes run.json a folder': 'mkdir -p "$RUN_DIR/run.json/deep"',
  'makes run.json a pipe': 'mkfifo "$RUN_DIR/run.json"',
  'makes run.json a link': 'ln -s "$OTHER/secret" "$RUN_DIR/run.json"',
  'makes the draft of run.json a link': 'ln -s "$OTHER/secret" "$RUN_DIR/run.json.$(ps -o ppid= $PPID | tr -d " ").tmp"',
  'leaves a folder in which nothing may be written': 'mkdir "$RUN_DIR/cache"; touch "$RUN_DIR/cache/a"; chmod 500 "$RUN_DIR/cache"',
  'takes all permissions away': 'chmod 000 "$RUN_DIR"',
  'locks its output': 'chmod 000 "$RUN_DIR/output.log"',
  'takes all permissions of a folder in it away': 'mkdir -p "$RUN_DIR/a/b"; chmod 000 "$RUN_DIR/a"',
};

/** What it may do to the folders above, of which others have need meanwhile. */
const DEEDS_ABOVE: Readonly<Record<string, string>> = {
  'locks the folder of the session': 'chmod 000 "$RUN_DIR/.."',
  'lets nobody write into the folder of the session': 'chmod 500 "$RUN_DIR/.."',
  'locks the folder of all sessions': 'chmod 000 "$RUN_DIR/../.."',
  'locks the logs folder': 'chmod 000 "$RUN_DIR/../../.."',
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
}

type Start = (...argv: readonly string[]) => Promise<Ended>;

/** One session in which each deed is a test, and what it comes to. */
async function checkDeeds(t: Tool, start: Start, deeds: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<void> {
  const other = join(t.folder, 'other');
  mkdirSync(other, { recursive: true });
  writeFileSync(join(other, 'secret'), 'untouched');
  const cases = Object.entries(deeds).map(([name, deed]) => `"${name}") ${deed};;`);
  writeFileSync(join(t.folder, 'deeds.sh'), `OTHER=${other}\necho said by $1\ncase $1 in\n${cases.join('\n')}\nesac\nexit 3\n`);
  const names = Object.keys(deeds).flatMap((name) => ['-t', name]);
  const { code, stdout } = await start(
    '--runs',
    '1',
    '--keep-going',
    '--timeout',
    '60s',
    ...names,
    ...options,
    '--',
    'sh',
    'deeds.sh',
    '{test}',
  );
  assert.is(code, 1, stdout);
  const count = Object.keys(deeds).length;
  assert.match(stdout, `FAILED: ${count} of ${count} runs failed`);
  const told = new Map(t.runs().map((run) => [run.info['test'], `${run.info.outcome}: ${outputOf(run)}`]));
  for (const name of Object.keys(deeds)) assert.is(told.get(name), `fail: said by ${name}\n`);
  assert.is(readFileSync(join(other, 'secret'), 'utf8'), 'untouched');
  assert.not.ok(existsSync(join(other, 'run.json')));
  assert.is((await start('--runs', '1', '--', 'true')).code, 0, 'the next session goes on');
}

it('changes nothing: it has failed, and what it printed is kept', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  await checkDeeds(t, t.run, DEEDS);
});

it('changes nothing where the output is searched', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  await checkDeeds(t, t.run, DEEDS, '--failure', 'no such line');
});

const NO_OTHER_USER =
  process.getuid?.() === 0 && existsSync('/usr/bin/setpriv') ? false : 'only root can become another user, with setpriv';

/** The tool as a user for whom permissions count: root may do all. */
function asNobody(t: Tool, ...argv: readonly string[]): Promise<Ended> {
  const words = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, TOOL, ...argv];
  const child = spawn('setpriv', words, {
    cwd: t.folder,
    env: { ...process.env, RAFTLENS_LOGS: t.logs, HOME: t.folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (text) => (stdout += String(text)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout })));
}

it('changes nothing for an ordinary user either', { timeoutMs: 60_000, skip: NO_OTHER_USER }, async () => {
  const t = tool();
  chmodSync(t.folder, 0o777);
  await checkDeeds(t, (...argv) => asNobody(t, ...argv), DEEDS, '--failure', 'no such line');
  await checkDeeds(t, (...argv) => asNobody(t, ...argv), DEEDS_ABOVE, '--jobs', '1');
});

it('makes no run that cannot be kept or removed, however deep its folders are', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const deed = 'cd "$RUN_DIR"; for i in $(seq 60); do mkdir $NAME; cd $NAME; done; touch f; chmod 500 .; exit';
  for (const code of [0, 1]) {
    const words = ['--runs', '1', '--env', `NAME=${'x'.repeat(200)}`, '--', 'bash', '-c', `${deed} ${code}`];
    assert.is((await t.run(...words)).code, code);
    assert.equal(readdirSync(join(t.logs, '.running')), []);
  }
  assert.equal(
    t.runs().map((run) => run.info.outcome),
    ['fail'],
  );
  const packed = await t.run('pack');
  assert.is(packed.code, 0, packed.stderr);
  assert.match(packed.stdout, /^left out: .{1,300} \.\.\. .{1,300}: .*ENAMETOOLONG.{1,400}$/m);
  assert.is(removeTree(t.logs), null);
});

it('is undone by the next session where the tool was killed', { timeoutMs: 60_000, skip: NO_OTHER_USER }, async () => {
  const t = tool();
  chmodSync(t.folder, 0o777);
  const deed =
    'mkdir -p "$RUN_DIR/cache/a"; touch "$RUN_DIR/cache/b"; chmod -R 500 "$RUN_DIR/cache"; chmod 000 "$RUN_DIR"; echo said; kill -KILL $TOOL_PID';
  await asNobody(t, '--jobs', '1', '--', 'sh', '-c', `TOOL_PID=$(ps -o ppid= $PPID | tr -d " "); ${deed}`);
  for (let again = 0; again < 2; again++) {
    const { code, stdout } = await asNobody(t, '--runs', '1', '--', 'true');
    assert.is(code, 0, stdout);
  }
  assert.equal(
    t.runs().map((run) => [run.info.outcome, outputOf(run)]),
    [['abandoned', 'said\n']],
  );
});

it('of a session that may not be cleared is said in one line', { skip: NO_OTHER_USER }, async () => {
  const t = tool();
  const folder = join(t.logs, '.running', '4194303-1', 'run');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'output.log'), 'of root');
  chmodSync(t.logs, 0o777);
  chmodSync(join(t.logs, '.running'), 0o777);
  chmodSync(t.folder, 0o777);
  chmodSync(folder, 0o700);
  assert.is((await asNobody(t, '--runs', '1', '--', 'true')).code, 0);
});
