import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, golden, suite, temporaryFolder } from '@raftlens/testing';
import { ClusterLog, storyLog } from './support/cluster-log.ts';
import { raftlens } from './support/command.ts';

const commands = suite('commands');

/** A folder with a run in it, and logs/latest that points there. */
function folderWithRun(text: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'logs', 'run'), { recursive: true });
  writeFileSync(join(folder, 'logs', 'run', 'events.ndjson'), text);
  symlinkSync('run', join(folder, 'logs', 'latest'));
  return folder;
}

commands('columns prints the newest run, a column a peer', async () => {
  const { code, stdout, stderr } = await raftlens(['columns'], { cwd: folderWithRun(storyLog().text) });
  assert.is(stderr, '');
  assert.is(code, 0);
  golden(import.meta.url, 'columns.txt', stdout);
});

commands('columns around the violation mark the lines that prove it', async () => {
  const { stdout } = await raftlens(['columns', '--around', 'violation', '--context', '2'], { cwd: folderWithRun(storyLog().text) });
  golden(import.meta.url, 'columns-around-violation.txt', stdout);
});

commands('explain goes back from the wrong step of any log, and says so with exit code 1', async () => {
  const { code, stdout } = await raftlens(['explain'], { cwd: folderWithRun(storyLog().text) });
  assert.is(code, 1);
  golden(import.meta.url, 'explain.txt', stdout);
});

commands('explain tells the same to a program', async () => {
  const { code, stdout } = await raftlens(['explain', '--json'], { cwd: folderWithRun(storyLog().text) });
  assert.is(code, 1);
  const told: unknown = JSON.parse(stdout);
  const kinds = typeof told === 'object' && told !== null ? Object.keys(told) : [];
  assert.equal(kinds, ['type', 'violation', 'story', 'standstill', 'followedFrom']);
});

commands('explain of a log without a wrong step tells how things stood', async () => {
  const healthy = storyLog().text.split('\n').slice(0, 20).join('\n');
  const { code, stdout } = await raftlens(['explain'], { cwd: folderWithRun(`${healthy}\n`) });
  assert.is(code, 0);
  assert.match(stdout, /^no violation.*\n\nHow things stood in the end:\n {2}S1 is /);
});

commands('raftlens alone prints the columns where there is no terminal', async () => {
  const cwd = folderWithRun(storyLog().text);
  assert.is((await raftlens([], { cwd })).stdout, (await raftlens(['columns'], { cwd })).stdout);
});

commands('columns choose opcodes, peers, times and what a filter selects', async () => {
  const cwd = folderWithRun(storyLog().text);
  const seqs = async (...args: string[]) => {
    const { code, stdout, stderr } = await raftlens(['columns', 'logs/run', ...args], { cwd });
    assert.is(code, 0, stderr);
    return stdout
      .split('\n')
      .flatMap((line) => /^[! ] +(\d+) /.exec(line)?.[1] ?? [])
      .map(Number);
  };
  assert.equal(await seqs('--just', 'Vote,BecomeLeader'), [10, 13, 17]);
  assert.equal(await seqs('--ignore', 'AppendEntries,AppendEntriesReply', '--since', '17', '--peers', 'S1'), [36, 37, 43, 49]);
  assert.equal(await seqs('--filter', 'op=Commit', '--until', '22'), [43]);
  assert.equal(await seqs('--around', '10', '--context', '1'), [9, 10, 11]);
});

commands('columns cut nothing with --width 0 and fit the width otherwise', async () => {
  const cwd = folderWithRun(storyLog().text);
  const widest = async (...args: string[]) =>
    Math.max(...(await raftlens(['columns', ...args], { cwd })).stdout.split('\n').map((line) => line.length));
  assert.ok((await widest('--width', '0')) > 150);
  assert.ok((await widest('--width', '70')) <= 70);
  assert.ok((await widest()) <= 100);
});

commands('columns are coloured when asked to be', async () => {
  const cwd = folderWithRun(storyLog().text);
  assert.ok((await raftlens(['columns', '--color'], { cwd })).stdout.includes('\u001b['));
  assert.not.ok((await raftlens(['columns'], { cwd })).stdout.includes('\u001b'));
});

commands('check names the rule, prints the lines that prove it, and ends with 1', async () => {
  const { code, stdout } = await raftlens(['check'], { cwd: folderWithRun(storyLog().text) });
  assert.is(code, 1);
  assert.match(stdout, /State Machine Safety \(figure 3; 5\.4\.3\) broken by S3/);
  assert.match(stdout, /rule: No two servers commit or apply different entries at the same index\./);
  assert.match(stdout, /S3 Apply T1 index=1\/1 hash=deadbeef/);
});

commands('check gives each violation and a summary as JSON', async () => {
  const { code, stdout } = await raftlens(['check', '--json', '-'], { input: storyLog().text });
  assert.is(code, 1);
  const objects = stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const types = objects.map((object) => (typeof object === 'object' && object !== null ? Reflect.get(object, 'type') : null) as unknown);
  assert.is(types.at(0), 'violation');
  assert.is(types.at(-1), 'summary');
});

commands('check ends with 0 where nothing was broken', async () => {
  const log = new ClusterLog('S1', 'S2', 'S3');
  log.step('S1', 'Timeout', { timer: 'election' });
  const { code, stdout } = await raftlens(['check', '-'], { input: log.text });
  assert.is(code, 0);
  assert.match(stdout, /no violation in 4 events/);
});

const BAD_INPUT: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  args: readonly string[],
  message: RegExp,
])[] = [
  ['a file that is no log', { 'x.log': 'hello\nworld\n' }, ['check', 'x.log'], /x\.log is not a log/],
  ['an empty file', { 'x.log': '' }, ['columns', 'x.log'], /x\.log is empty/],
  ['an archive that is cut', { 'x.gz': Buffer.from([0x1f, 0x8b, 8, 0]) }, ['columns', 'x.gz'], /x\.gz is damaged or cut short/],
  ['a folder without a run', { 'folder/readme.md': 'x' }, ['check', 'folder'], /folder folder has no \*\.ndjson, \*\.jsonl or \*\.log/],
  ['a file that is not there', {}, ['check', 'nothing.ndjson'], /no file nothing\.ndjson/],
  ['a command with a slip', {}, ['chek'], /unknown command "chek"\. Did you mean "check"\?/],
  ['no newest run', {}, [], /there is no logs\/latest here/],
  ['an unknown opcode', { 'x.log': storyLog().text }, ['columns', 'x.log', '--just', 'Comit'], /unknown opcode "Comit".*Commit/],
  ['an unknown peer', { 'x.log': storyLog().text }, ['columns', 'x.log', '--peers', 'S9'], /unknown peer "S9"/],
  ['a mistake in the filter', { 'x.log': storyLog().text }, ['columns', 'x.log', '--filter', 'op=Voote'], /column 4/],
  ['an unknown seq', { 'x.log': storyLog().text }, ['columns', 'x.log', '--around', '4711'], /no line of the log has the seq "4711"/],
];

for (const [what, files, args, message] of BAD_INPUT) {
  commands(`${what} gets one line and exit code 2`, async () => {
    const cwd = temporaryFolder();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(cwd, name, '..'), { recursive: true });
      writeFileSync(join(cwd, name), text);
    }
    const { code, stdout, stderr } = await raftlens(args, { cwd });
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
    assert.is(stderr.trim().split('\n').length, 1, stderr);
  });
}

commands('a last line that was cut short is said, shown, and loses nothing', async () => {
  const whole = storyLog().text;
  const { code, stdout, stderr } = await raftlens(['columns', '--width', '0', '-'], { input: whole.slice(0, -40) });
  assert.is(code, 0);
  assert.match(stderr, /1 line that no format knows/);
  assert.match(stdout.trim().split('\n').at(-1) ?? '', /"op":"TestEnd"/);
});

commands('check refuses a log that tells of no step of Raft, because nothing was checked', async () => {
  const log = new ClusterLog();
  log.step('TEST', 'Note', { detail: 'hello' });
  const { code, stderr } = await raftlens(['check'], { cwd: folderWithRun(log.text) });
  assert.is(code, 2);
  assert.match(stderr, /no line of this log tells of a step of Raft or of a client/);
});

commands('check counts the rules that had nothing to be held against, and lists them when asked to', async () => {
  const cwd = folderWithRun(storyLog().text);
  assert.match(
    (await raftlens(['check'], { cwd })).stdout,
    /\d+ of \d+ rules had nothing in this log to be held against \(--rules lists them\)/,
  );
  assert.match((await raftlens(['check', '--rules'], { cwd })).stdout, /^ {2}Leader Completeness/m);
});

/** Two clients of a key/value service; `read` is what the second one gets after the first one's put has ended. */
function clientLog(read: string): ClusterLog {
  const log = new ClusterLog('S1', 'S2', 'S3');
  const operation = (client: string, opid: number, f: string, input: string | null, output: string | null) => {
    log.step(client, 'Invoke', { client, opid, f, key: 'x', value: input });
    log.step(client, 'Ok', { client, opid, f, key: 'x', value: output });
  };
  operation('C1', 1, 'put', '1', null);
  operation('C2', 1, 'get', null, read);
  return log;
}

commands('check holds what clients got against all orders of their operations', async () => {
  const legal = await raftlens(['check'], { cwd: folderWithRun(clientLog('1').text) });
  assert.is(legal.code, 0);
  assert.match(legal.stdout, /2 operations of clients on a key\/value service: linearizable/);
  const illegal = await raftlens(['check'], { cwd: folderWithRun(clientLog('').text) });
  assert.is(illegal.code, 1);
  assert.match(illegal.stdout, /not linearizable: no order of the operations on x explains that C2 got get x/);
  assert.match(illegal.stdout, /C1 \|-.*put x "1"/);
});

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';

commands('check says in its first line how much was judged, and of what nothing was', async () => {
  const log = new ClusterLog('S1', 'S2', 'S3');
  log.step('S1', 'Timeout', { timer: 'election' });
  const quiet = await raftlens(['check', '-'], { input: log.text });
  assert.match(
    firstLine(quiet.stdout),
    /no violation in 4 events; \d of \d\d rules judged, nothing about .*logs \(no entries are told\), commits \(.*\), .*reads or progress$/,
  );
  const story = firstLine((await raftlens(['check', '-'], { input: storyLog().text })).stdout);
  assert.match(story, /2 violations in \d\d events, and the test failed; \d\d of \d\d rules judged, nothing about .*reads/);
  assert.not.match(story, /logs|commits|elections/);
});

commands('check --require fails where a rule was not judged, with a line for each', async () => {
  const log = new ClusterLog('S1', 'S2', 'S3');
  log.step('S1', 'Timeout', { timer: 'election' });
  log.step('S1', 'BecomeCandidate', { term: 1, role: 'candidate', vote: 'S1' });
  const required = (rules: string, ...more: string[]) => raftlens(['check', '--require', rules, ...more, '-'], { input: log.text });
  const unmetIn = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('required, but not judged: '));

  const met = await required('Candidates rule 1');
  assert.is(met.code, 0, met.stdout);
  assert.equal(unmetIn(met.stdout), []);
  const one = await required('candidates-1, log matching');
  assert.is(one.code, 1);
  assert.equal(unmetIn(one.stdout), ['required, but not judged: Log Matching: nothing in this log to be held against']);
  const all = await required('all');
  assert.is(all.code, 1);
  const [, judged = '', rules = ''] = /(\d+) of (\d+) rules judged/.exec(firstLine(all.stdout)) ?? [];
  assert.is(unmetIn(all.stdout).length, Number(rules) - Number(judged));
  assert.ok(
    unmetIn(all.stdout).some((line) => /: Liveness: no /.test(line)),
    all.stdout,
  );
  const json = await required('read-index', '--json');
  assert.is(json.code, 1);
  assert.match(json.stdout, /"requiredButNotJudged":\[\{"rule":"ReadIndex",/);
});

commands('check --require does not know every name', async () => {
  for (const [rules, message] of [
    ['log-matchin', /unknown rule "log-matchin"\. Did you mean "log-matching"\?/],
    ['Log Matching,Leader Completness', /unknown rule "Leader Completness"\. Did you mean "Leader Completeness"\?/],
    [',', /--require names no rule/],
  ] as const) {
    const { code, stdout, stderr } = await raftlens(['check', '--require', rules, '-'], { input: storyLog().text });
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
  }
});

commands('check has the first line and what was judged in its JSON, too', async () => {
  const { stdout } = await raftlens(['check', '--json', '-'], { input: storyLog().text });
  const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    headline: string;
    coverage: { rules: number; judged: string[]; unjudged: { about: string; reason: string }[] };
    notExercised: string[];
  };
  const { headline, coverage, notExercised } = summary;
  assert.match(headline, /; \d\d of \d\d rules judged, nothing about/);
  assert.ok(coverage.judged.includes('State Machine Safety'));
  assert.equal(
    coverage.judged.filter((rule) => notExercised.includes(rule)),
    [],
  );
  assert.equal(
    coverage.unjudged.find(({ about }) => about === 'reads'),
    { about: 'reads', reason: 'no read is told' },
  );
});

commands('check says in its first line what clients got, where that is wrong or was not judged', async () => {
  const first = async (log: ClusterLog) => firstLine((await raftlens(['check', '-'], { input: log.text })).stdout);
  assert.match(await first(clientLog('1')), /no violation in \d+ events; \d/);
  assert.match(await first(clientLog('')), /: what clients got is not linearizable, though \d+ events show no broken rule; \d/);
  const log = clientLog('1');
  log.step('C1', 'Invoke', { client: 'C1', opid: 2, f: 'transfer', key: 'x', value: '5' });
  assert.match(await first(log), /no violation in \d+ events; what clients got was not judged; \d/);
});

commands('check says when no model knows what the clients did', async () => {
  const log = clientLog('1');
  log.step('C1', 'Invoke', { client: 'C1', opid: 2, f: 'transfer', key: 'x', value: '5' });
  const { stdout } = await raftlens(['check'], { cwd: folderWithRun(log.text) });
  assert.match(stdout, /3 operations of clients, not checked: no model knows put, get, transfer/);
});

commands('lines without a seq are called by their place', async () => {
  const text = ['Timeout', 'BecomeCandidate', 'BecomeLeader']
    .map((op, at) => JSON.stringify({ time: at, node: 'S1', op, term: 1 }))
    .join('\n');
  const { stdout } = await raftlens(['columns', 'run.ndjson', '--around', '2', '--context', '0'], {
    cwd: folderWith('run.ndjson', `${text}\n`),
  });
  assert.match(stdout, /^ {4}2 +1\.000 {2}S1 BecomeCandidate/m);
});

function folderWith(name: string, text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), text);
  return folder;
}
