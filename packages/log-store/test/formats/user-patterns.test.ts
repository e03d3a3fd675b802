import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, fixture, rejects, suite, temporaryFolder } from '@raftlens/testing';
import { formatOfJson } from '../../src/formats/user.ts';
import { FORMATS, openLog } from '../../src/index.ts';

const it = suite("Patterns of a user's own format");

const BASE = {
  name: 'own',
  line: { pattern: '^(?<time>\\d+) (?<node>\\S+) (?<text>.*)$' },
  time: { from: 'time', unit: 'ms' },
  node: ['{node}'],
  detail: '{text}',
};

function written(format: object): string {
  const path = join(temporaryFolder(), 'own.json');
  writeFileSync(path, JSON.stringify(format));
  return path;
}

async function opened(format: object, text: string) {
  const path = join(temporaryFolder(), 'x.log');
  writeFileSync(path, text);
  const log = await openLog(path, { formats: [written(format)], format: 'own' });
  await log.done;
  return log;
}

it('give parts, lists and names as those of the built-in formats do', async () => {
  const format = {
    ...BASE,
    events: [
      {
        when: { text: '^(?:boot(?:ing|ed)*) of (?<who>.*?)[.]* with (?<all>.+)$' },
        op: 'Boot',
        fields: { voters: { list: 'all', find: '([A-Z]\\d+)+', each: '{}' } },
      },
    ],
  };
  const log = await opened(format, '1 A1 booting of A1 with A1, B2 and C3\n2 A1 something else\n');
  const event = log.event(0);
  assert.is(event?.op, 'Boot');
  assert.equal(event !== null && 'voters' in event ? event.voters : null, ['A1', 'B2', 'C3']);
  assert.is(log.text(1), 'A1 Note detail=something else');
  log.close();
});

it('are matched in linear time', async () => {
  const slow = {
    ...BASE,
    events: [
      { when: { text: '(a+)+$' }, op: 'Timeout' },
      { when: { text: '^(.*,){12}P' }, op: 'Commit' },
    ],
  };
  const log = await opened(slow, `1 A1 ${'a'.repeat(60_000)}b\n2 A1 ${'1,'.repeat(30_000)}\n`);
  assert.is(log.event(0)?.op, 'Note');
  assert.is(log.event(1)?.op, 'Note');
  log.close();
});

it('are refused with their place where no engine can match them in linear time', async () => {
  const ahead = written({ ...BASE, events: [{ when: { text: '(?=a)b' }, op: 'Timeout' }] });
  await rejects(openLog(ahead, { formats: [ahead] }), /the pattern \(\?=a\)b: lookahead/);
});

it('stand beside those of the built-in format that it extends, which say what they said', () => {
  const text = readFileSync(fixture(import.meta.url, '..', 'fixtures', 'lab.log'), 'utf8');
  // Each that is a definition can be extended.
  for (const { name, definition } of FORMATS)
    if (definition !== undefined) formatOfJson(JSON.stringify({ extends: name, name: 'own' }), 'own.json');
  const extended = formatOfJson(JSON.stringify({ extends: 'lab', name: 'own' }), 'own.json');
  const lab = FORMATS.find(({ name }) => name === 'lab');
  for (const line of text.trimEnd().split('\n')) {
    const [own, built] = [extended.decode(line, 'x.log'), lab?.decode(line, 'x.log')];
    assert.equal('event' in own ? own.event : null, built !== undefined && 'event' in built ? built.event : null);
  }
});

const UNITS = [
  '->',
  '<- S1 ',
  'S1 -> S2 ',
  'a',
  '1',
  ' ',
  'T1 ',
  'T:',
  'x=',
  '. ',
  'Yes ',
  'commit',
  'term=1 ',
  '"{',
  '[peers: ',
  'at term 1 ',
  '\\n',
  '[a] ',
];
const HEADS = ['', '000001 VOTE S1 ', '000001 LOG1 S1 ', '000001 CMIT S1 ', '2026-01-01T00:00:00.000Z [INFO]  raft: ', '{"level":'];

it('of the built-in formats take time that is linear in the line', { timeoutMs: 120_000 }, () => {
  // At this length one more factor of the length is minutes for each line; all of them take seconds.
  const repeats = 20_000;
  for (const format of FORMATS) {
    for (const unit of UNITS) {
      const body = unit.repeat(repeats);
      const json = { level: 'info', time: 1, ts: 1, msg: body, '@timestamp': '2026-01-01T00:00:00Z', '@level': 'info', '@message': body };
      for (const line of [...HEADS.map((head) => head + body), JSON.stringify({ ...json, '@module': body })]) format.decode(line, 'x.log');
    }
  }
});
