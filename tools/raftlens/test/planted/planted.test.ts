import { openTexts } from '@raftlens/log-store';
import { assert, golden, suite } from '@raftlens/testing';
import { telling } from '../../src/check/complaints.ts';
import { checkStore } from '../../src/check/log-check.ts';
import { FAULTS, HEALTHY, type Script } from './acts.ts';
import { type Clock, type Phrasebook, phrasebooks } from './phrasebooks.ts';

/** What lies between two acts: the time of a busy cluster. */
const STEP_MS = 150;

interface File {
  readonly name: string;
  readonly text: string;
}

/** The files that a program leaves behind of a script. */
function written(bookOf: () => Phrasebook, script: Script): readonly File[] {
  const book = bookOf();
  const files = new Map<string, string>();
  let count = 0;
  for (const act of script) {
    const line = book.line(act, clockOf(count + 1));
    if (line === null) continue;
    count += 1;
    const name = book.isPerServer === true && 'who' in act ? `node-${act.who}.log` : 'cluster.log';
    files.set(name, `${files.get(name) ?? ''}${line}\n`);
  }
  return [...files].map(([name, text]) => ({ name, text }));
}

function clockOf(line: number): Clock {
  const ms = 850 + line * STEP_MS;
  return { line, ms, clock: `10:${new Date(ms).toISOString().slice(14, 23)}` };
}

/** All that the check says of the files: rules that are broken, notices, failures that the program tells, what is wrong with the history. */
async function saidOf(
  files: readonly File[],
  format: string,
): Promise<{ readonly accusing: readonly string[]; readonly all: readonly string[] }> {
  const store = openTexts(files);
  await store.done;
  assert.ok(store.files.some((file) => file.format === format));
  const check = checkStore(store);
  const { violations, notices } = check.finish();
  const failures = telling(check.complaints.finish()).map(({ text }) => `the program failed: ${text}`);
  const history = check.historyVerdict();
  const wrong = history?.verdict === 'illegal' ? [`not linearizable: ${history.summary}`] : [];
  store.close();
  const accusing = [...violations.map(({ rule, node, why }) => `${rule}: ${node}: ${why}`), ...failures, ...wrong];
  return { accusing, all: [...accusing, ...notices] };
}

const isSame = (one: readonly File[], other: readonly File[]) => JSON.stringify(one) === JSON.stringify(other);

const it = suite('Faults planted in the logs of');
const books = phrasebooks().map(({ format }, at) => ({ format, bookOf: () => phrasebooks()[at] as Phrasebook }));
/** What came of each, as the golden file has it: a fault of a program a line. */
const rows: string[] = [];

for (const { format, bookOf } of books) {
  it(`${format} are named, and a healthy log has none`, async () => {
    assert.equal((await saidOf(written(bookOf, HEALTHY), format)).all, []);
    for (const fault of FAULTS) {
      const files = written(bookOf, fault.log);
      const legal = fault.legal.find((script) => isSame(written(bookOf, script), files));
      const said = await saidOf(files, format);
      if (legal !== undefined || fault.legalIn?.[format] !== undefined) {
        assert.equal(said.accusing, [], `${fault.name}: a cluster without a fault may have written this`);
        rows.push(`${format}: ${fault.name}: not told: ${fault.legalIn?.[format] ?? 'a cluster without a fault writes the same'}`);
        continue;
      }
      assert.ok(
        said.all.some((text) => fault.named.test(text)),
        `${fault.name}: ${said.all.join('; ')}\n${files.map(({ text }) => text.slice(-700)).join('\n')}`,
      );
      const [rule = ''] = said.all.filter((text) => fault.named.test(text)).map((text) => text.slice(0, 100));
      rows.push(`${format}: ${fault.name}: ${rule}`);
    }
  });
}

it('all formats: so many of them, and for each of the rest a log without a fault that is the same', () => {
  const named = rows.filter((row) => !row.includes(': not told: '));
  assert.ok(named.length >= 160, `${named.length} of ${rows.length}`);
  golden(import.meta.url, 'planted.txt', `${rows.join('\n')}\n`);
});
