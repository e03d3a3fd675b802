import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, throws, unlessRuns } from '@raftlens/testing';
import { instrumentLab } from '../src/instrument-lab.ts';
import { namesFile } from '../src/lab-lines.ts';
import { copyOfLab, OWN_LAB, temporaryFolder } from './own-lab.ts';

const it = suite('instrument-lab');
const needsGo = { skip: unlessRuns(['go', 'version']), timeoutMs: 60_000 };

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

it('says of a folder without tests where it looked', needsGo, () => {
  const error = throws(() => instrumentLab({ directory: folderOf({}), out: null }), { code: 'NO_LAB' });
  assert.match(error.message, /no Go tests in .*, nor in raft or raft1 below it/);
});

it('says of tests without labrpc that they are no lab', needsGo, () => {
  const directory = folderOf({ 'raft/a_test.go': 'package raft\n' });
  const error = throws(() => instrumentLab({ directory, out: null }), { code: 'NO_LAB' });
  assert.match(error.message, /no labrpc\/labrpc\.go/);
});

it('maps the names of our own lab, and finds all of its functions', needsGo, () => {
  const report = instrumentLab({ directory: OWN_LAB, out: null });
  assert.equal(report.missing, []);
  assert.equal(
    report.rpcs.flatMap((rpc) => rpc.unknown),
    [],
  );
  assert.is(report.saves.length, 1);
  assert.equal(
    report.saves[0]?.parts.map(([part]) => part?.role),
    ['term', 'vote', 'log', 'snapshotIndex', 'snapshotTerm'],
  );
});

it('maps names that students use, and says which it does not know', needsGo, () => {
  const lab = copyOfLab();
  rewrite(join(lab, 'raft/raft.go'), [
    [/\bCandidateId\b/g, 'CandidateIndex'],
    [/\bVoteGranted\b/g, 'Voted'],
    [/\bcurrentTerm\b/g, 'term'],
  ]);
  rewrite(join(lab, 'raft/replicate.go'), [
    [/Success bool/, 'Err int'],
    [/\bcurrentTerm\b/g, 'term'],
    [/reply\.Success = true/, 'reply.Err = 1'],
    [/!reply\.Success/, 'reply.Err == 0'],
  ]);
  const report = instrumentLab({ directory: lab, out: null });
  const vote = report.rpcs.find(({ op }) => op === 'RequestVote');
  const append = report.rpcs.find(({ op }) => op === 'AppendEntries');
  assert.equal(
    vote?.reply.map(({ role, path }) => [role, path]),
    [
      ['msgTerm', 'Term'],
      ['granted', 'Voted'],
    ],
  );
  // XIndex is no success, and neither is a number that says what went wrong.
  assert.equal(append?.unknown, ['AppendEntriesReply: success']);
});

it('tells a vote that binds nobody from one that does', needsGo, () => {
  const lab = copyOfLab();
  rewrite(join(lab, 'raft/raft.go'), [
    [/LastLogTerm {2}int\n\}/, 'LastLogTerm  int\n\tPreVote      bool\n}'],
    [/rf\.termAt\(rf\.lastIndex\(\)\)\}/, 'rf.termAt(rf.lastIndex()), false}'],
  ]);
  const vote = instrumentLab({ directory: lab, out: null }).rpcs.find(({ method }) => method === 'RequestVote');
  assert.ok(vote?.args.some(({ role, path }) => role === 'preVote' && path === 'PreVote'));
});

it('takes a snapshot for installed only when Raft has agreed, where the tester asks it', needsGo, () => {
  const lab = copyOfLab();
  const method = 'func (rf *Raft) CondInstallSnapshot(term int, index int, snapshot []byte) bool { return true }';
  rewrite(join(lab, 'raft/raft.go'), [[/$/, `\n${method}\n`]]);
  rewrite(join(lab, 'raft/config.go'), [
    [/if m\.SnapshotValid \{/, 'if m.SnapshotValid && rf.CondInstallSnapshot(m.SnapshotTerm, m.SnapshotIndex, m.Snapshot) {'],
  ]);
  const out = join(temporaryFolder(), 'out');
  assert.ok(instrumentLab({ directory: lab, out }).observed.includes('CondInstallSnapshot'));
  const plan = readdirSync(out).find((name) => name.endsWith('observe_plan_here.go')) ?? '';
  assert.match(readFileSync(join(out, plan), 'utf8'), /asksRaft: true/);
});

it('takes a corrected mapping in place of the draft', needsGo, () => {
  const lab = copyOfLab();
  const report = instrumentLab({ directory: lab, out: null });
  const names = namesFile(report).replace('"granted": "VoteGranted"', '"granted": "Term=3"');
  writeFileSync(join(lab, 'raftlens-lab.json'), names);
  const vote = instrumentLab({ directory: lab, out: null }).rpcs.find(({ op }) => op === 'RequestVote');
  assert.equal(
    vote?.reply.find(({ role }) => role === 'granted'),
    { role: 'granted', path: 'Term=3', rests: 'given' },
  );
});

it('names in one line a function that is not as the labs have it, and goes on with the rest', needsGo, () => {
  const lab = copyOfLab();
  rewrite(join(lab, 'labrpc/labrpc.go'), [[/\bLongReordering\(yes bool\)/, 'Reorder(yes bool)']]);
  const report = instrumentLab({ directory: lab, out: join(temporaryFolder(), 'out') });
  assert.equal(report.missing, ['labrpc.go: Network.LongReordering is not as the labs have it; it is not observed']);
  assert.ok(report.observed.includes('ClientEnd.Call'));
});

function rewrite(path: string, changes: readonly (readonly [RegExp, string])[]): void {
  const text = changes.reduce((before, [pattern, by]) => before.replace(pattern, by), readFileSync(path, 'utf8'));
  writeFileSync(path, text);
}
