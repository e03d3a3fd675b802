import { assert, fixture, golden, suite, throws } from '@raftlens/testing';
import { timeMsOf } from '../src/formats/time.ts';
import { formatOfJson } from '../src/formats/user.ts';
import { DIRECTIONS, openLog, openText } from '../src/index.ts';
import { ELECTION, textOfLog } from './lines.ts';

const FIXTURES = [
  'lab.log',
  'etcd-trace.ndjson',
  'etcd-zap.json',
  'node-1.hclog.log',
  'hclog.json.log',
  'pino.log',
  'shiviz.log',
  'shiviz-clock-first.log',
  'shiviz-line.log',
];

const foreign = suite('Foreign formats');

async function described(name: string): Promise<string> {
  const log = await openLog(fixture(import.meta.url, 'fixtures', name));
  await log.done;
  const rows = Array.from({ length: log.size }, (_, row) => {
    const { columns } = log;
    const facts = [
      `line ${log.lineNumberOf(row)}`,
      `${columns.time(row)} ms`,
      DIRECTIONS[columns.dir(row)] ?? (log.event(row) === null ? 'unmatched' : 'local'),
      log.partnerOf(row) < 0 ? '' : `with line ${log.lineNumberOf(log.partnerOf(row))}`,
    ];
    return `${facts.filter((fact) => fact !== '').join(', ')}\n    ${log.text(row).replaceAll('\n', '\n    ')}\n`;
  });
  const title = `${name} is ${log.files[0]?.format}: ${log.size} rows, ${log.unmatched} unmatched, of ${log.peers.join(' ')}`;
  log.close();
  return `${title}\n${rows.join('')}`;
}

foreign('are told apart and read as events', async () => {
  const all: string[] = [];
  for (const name of FIXTURES) all.push(await described(name));
  golden(import.meta.url, 'formats.txt', all.join('\n'));
});

foreign('leave native lines native, even where many are damaged', async () => {
  const good = textOfLog(ELECTION);
  const log = openText(good + good.replaceAll('"boot":', '"boot":1,"boot":'));
  await log.done;
  assert.is(log.files[0]?.format, 'native');
});

const OWN = JSON.stringify({
  name: 'own',
  title: 'ours',
  line: { pattern: '^(?<t>\\d+)us (?<who>\\w+) (?<text>.*)$' },
  time: { from: 't', unit: 'us' },
  node: ['{who}'],
  events: [{ when: { text: '^leader of (?<term>\\d+)$' }, op: 'BecomeLeader', fields: { term: '{term}', role: 'leader' } }],
  detail: '{text}',
});

const own = suite("A format of the user's own");

own('is a pattern and a mapping', () => {
  const decoded = formatOfJson(OWN, 'own.json').decode('1500us n1 leader of 7', 'x.log');
  assert.ok('event' in decoded);
  assert.equal(decoded.event, {
    seq: 0,
    time: 1.5,
    node: 'n1',
    boot: 0,
    op: 'BecomeLeader',
    src: 'n1',
    dst: 'n1',
    term: 7,
    role: 'leader',
  });
});

own('may say what a line does not tell yet, and look a value up', () => {
  const format = formatOfJson(
    JSON.stringify({
      name: 'own',
      line: { json: true, has: ['t', 'who', 'what'] },
      time: { from: 't', unit: 's' },
      level: { from: 'severity', names: { bad: 50 } },
      node: ['n{who}'],
      fields: { vote: { from: '{votedFor}', map: { '0': null }, otherwise: 'n{votedFor}' } },
      events: [
        { when: { what: '^grants$' }, op: 'RequestVoteReply', dir: 'send', without: ['vote'], fields: { src: 'n{who}', dst: 'n{to}' } },
      ],
      detail: '{what}',
    }),
    'own.json',
  );
  const read = (line: object) => {
    const decoded = format.decode(JSON.stringify({ t: 1, who: 1, ...line }), 'x.log');
    assert.ok('event' in decoded);
    return decoded;
  };
  assert.is(read({ what: 'waits', votedFor: 2 }).event.vote, 'n2');
  assert.is(read({ what: 'waits', votedFor: 0 }).event.vote, null);
  assert.is(read({ what: 'grants', votedFor: 0, to: 3 }).event.vote, undefined);
  assert.is(read({ what: 'waits', severity: 'BAD' }).level, 50);
  assert.is(read({ what: 'waits', severity: 'constructor' }).level, 30);
});

own('may extend a built-in one, and name the peer of a file', () => {
  const format = formatOfJson('{"extends":"hclog","name":"mine","files":[{"pattern":"^a-","node":"S1"}]}', 'own.json');
  const decoded = format.decode(
    '2024-03-01T10:02:33Z [INFO]  raft: entering leader state: leader="Node at 1:2 [Leader]"',
    '/logs/a-17.log',
  );
  assert.is('event' in decoded ? decoded.event.node : '', 'S1');
});

const mistakes: readonly (readonly [string, string])[] = [
  ['{', 'own.json: '],
  ['{"name":"x"}', '"line" must be an object'],
  ['{"name":"x","line":{"pattern":"("}}', '"line.pattern" is no regular expression'],
  [OWN.replace('"unit":"us"', '"unit":"days"'), '"time.unit" must be one of'],
  [OWN.replace('BecomeLeader', 'BecomeKing'), '"events[0].op" is "BecomeKing", which is no opcode'],
  [OWN.replace('"role":"leader"', '"rank":"leader"'), 'names "rank", which is no field'],
  [OWN.replace('"node":["{who}"]', '"node":7'), '"node" must be a list'],
];

for (const [text, message] of mistakes) {
  own(`says where it is wrong: ${message}`, () => {
    const error = throws(() => formatOfJson(text, 'own.json'), { code: 'BAD_FORMAT' });
    assert.ok(error.message.includes(message), error.message);
  });
}

const times = suite('Times');

times('are read to the millisecond in every unit', () => {
  assert.is(timeMsOf('008258', '100us'), 825.8);
  assert.is(timeMsOf('1700000000.25', 's'), 1_700_000_000_250);
  assert.is(timeMsOf('1970-01-01T00:00:00Z', 'iso'), 0);
  assert.is(timeMsOf('2024-02-29T12:30:15.250+01:00', 'iso'), Date.UTC(2024, 1, 29, 11, 30, 15, 250));
  assert.is(timeMsOf('2000-03-01 00:00:00', 'iso'), Date.UTC(2000, 2, 1));
  assert.ok(Number.isNaN(timeMsOf('yesterday', 'iso')));
  assert.ok(Number.isNaN(timeMsOf('', 's')));
});
