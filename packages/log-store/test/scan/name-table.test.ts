import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { NAMES_MAX } from '../../src/limits.ts';
import { NameTable } from '../../src/scan/name-table.ts';

const tables = suite('The numbers of names');

/** Names stand four bytes before the end of what is read. */
function viewOf(name: string): { view: DataView; end: number } {
  const bytes = Buffer.from(`${name}\0\0\0\0`);
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), end: bytes.length - 4 };
}

tables('are the same for the same name, by bytes and by text, and different for others', () => {
  const short = fc.string({ unit: fc.constantFrom('S', '1', 'é', 'x'), minLength: 1, maxLength: 14 });
  fc.assert(
    fc.property(fc.array(fc.oneof(short, fc.string({ minLength: 1, maxLength: 60 })), { maxLength: 100 }), (names) => {
      const table = new NameTable();
      const numbers = new Map<string, number>();
      names.forEach((name, i) => {
        const { view, end } = viewOf(name);
        const number = i % 2 === 0 ? table.numberOf(view, 0, end) : table.numberOfText(name);
        assert.is(number, numbers.get(name) ?? numbers.size + 1);
        numbers.set(name, number);
        assert.is(table.find(view, 0, end), number);
      });
      assert.equal(table.takeNewNames(), [...numbers.keys()]);
      assert.equal(table.takeNewNames(), []);
    }),
  );
});

tables('are found at once among a million that differ in the middle only, and no more are given', { timeoutMs: 60_000 }, () => {
  const table = new NameTable();
  const bytes = Buffer.from('peer0000000.example.org\0\0\0\0');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length - 4;
  const numberOf = (i: number) => {
    bytes.write(String(i).padStart(7, '0'), 4);
    return table.numberOf(view, 0, end);
  };
  let wrong = 0;
  for (let i = 0; i < NAMES_MAX; i++) if (numberOf(i) !== i + 1) wrong++;
  assert.is(wrong, 0);
  assert.is(numberOf(NAMES_MAX), 0);
  assert.is(numberOf(NAMES_MAX - 1), NAMES_MAX);
  assert.is(numberOf(7), 8);
});
