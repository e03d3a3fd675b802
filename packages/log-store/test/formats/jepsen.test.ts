import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { FORMATS, openTexts } from '../../src/index.ts';
import { lines, toldBy } from './told.ts';

const it = suite("Jepsen's histories");

it('reads a map a line, within a vector or not, whatever the order of its keys', async () => {
  const { formats, told } = await toldBy([
    'history.edn',
    lines(
      '[{:type :invoke, :f :cas, :value [1 2], :process 3, :time 1500000, :index 0}',
      ' {:process 3, :type :fail, :f :cas, :value [1 2], :time 2500000}',
      ' {:process :nemesis, :type :info, :f :partition, :value nil}',
      ' {:process 4 :type :invoke :f :read :value nil}',
      ' {:process 4, :type :ok, :f :read, :value nil}',
      ' {:process 5, :type :invoke, :f :write, :value 7, :error [:conn "lost, \\"maybe\\""]}',
      ' {:process 5, :type :info, :f :write, :value 7, :error :timeout}]',
    ),
  ]);
  assert.equal(formats, ['jepsen-edn']);
  assert.equal(told, [
    'C3 Invoke opid=0 f=cas key= value=1 2',
    'C3 Fail opid=0 f=cas key= value=failed',
    'C4 Invoke opid=0 f=read key= value=',
    'C4 Ok opid=0 f=read key= value=',
    'C5 Invoke opid=0 f=write key= value=7',
    'C5 Info opid=0 f=write key= value=7',
  ]);
});

it('takes a key from :key, or from the value of independent keys, and knows transactions', async () => {
  const { told } = await toldBy([
    'history.edn',
    lines(
      '{:process 1, :type :invoke, :f :append, :key "k 0", :value "x 1 0 y"}',
      '{:process 2, :type :invoke, :f :cas, :value ["r" [1 nil]]}',
      '{:process 3, :type :ok, :f :read, :value [9 4]}',
      '{:process 4, :type :invoke, :f :txn, :value [[:r :x nil] [:w :y 2]]}',
      '{:process 5, :type :invoke, :f :txn, :value [[:read :x nil] [:write :y 2]]}',
    ),
  ]);
  assert.equal(told, [
    'C1 Invoke opid=0 f=append key=k 0 value=x 1 0 y',
    'C2 Invoke opid=0 f=cas key=r value=1 nil',
    'C3 Ok opid=0 f=read key=9 value=4',
    'C4 Invoke opid=0 f=txn key= value=[["r","x",null],["w","y","2"]]',
    'C5 Invoke opid=0 f=txn key= value=[["r","x",null],["w","y","2"]]',
  ]);
});

it("reads Jepsen's own log of both ages, and tells why an operation failed", async () => {
  const { formats, told } = await toldBy([
    'jepsen.log',
    lines(
      'INFO  jepsen.util - 0\t:invoke\t:write\t4',
      'INFO  jepsen.util - 0\t:info\t:write\t:timed-out',
      'INFO [2026-01-02 03:04:05,678] jepsen worker 7 - jepsen.util 7\t:invoke\t:cas\t[0 3]',
      'INFO [2026-01-02 03:04:05,679] jepsen worker 7 - jepsen.util 7\t:fail\t:cas\t[0 3]\t:not-leader',
      'INFO  jepsen.core - Worker 7 done',
    ),
  ]);
  assert.equal(formats, ['jepsen-log']);
  assert.equal(told, [
    'C0 Invoke opid=0 f=write key= value=4',
    'C0 Info opid=0 f=write key= value=',
    'C7 Invoke opid=0 f=cas key= value=0 3',
    'C7 Fail opid=0 f=cas key= value=not-leader',
  ]);
});

it('takes no line for an operation that is half a map, two maps, or nested without end', () => {
  const format = FORMATS.find(({ name }) => name === 'jepsen-edn');
  const reasonOf = (line: string): boolean => format !== undefined && 'reason' in format.decode(line, 'history.edn');
  for (const line of [
    '{:type :ok,',
    ' :f :read}',
    '{:type :ok, :f}',
    '{:type :ok, :f :read, :process 1} {:type :ok}',
    `{:type :ok, :f :read, :process 1, :value ${'['.repeat(100_000)}}`,
    '{"type": "ok"}',
    '{:type :done, :f :read, :process 1}',
    '; a comment',
    '',
  ]) {
    assert.ok(reasonOf(line), line.slice(0, 60));
  }
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':f ', ':type ', ':ok', ' ', '#', '1'), maxLength: 60 }),
      (text) => {
        format?.decode(text, 'history.edn');
      },
    ),
    { seed: 11, numRuns: 5000 },
  );
});

it('is not taken for another log', async () => {
  const log = openTexts([{ name: 'other.log', text: lines('{"a":1}', '{:not an operation}', 'plain text') }]);
  await log.done;
  assert.not(log.files.some(({ format }) => format.startsWith('jepsen')));
  log.close();
});
