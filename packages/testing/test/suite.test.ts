import { assert, rejects, suite, throws } from '../src/index.ts';

const order: string[] = [];
const hooks = suite('hooks');
hooks.before(() => order.push('before'));
hooks.before.each(() => order.push('before.each'));
hooks.after.each(() => order.push('after.each'));

hooks('"before" runs once and "before.each" before each test', () => {
  assert.equal(order, ['before', 'before.each']);
});

hooks('"after.each" has run when the next test starts', () => {
  assert.equal(order, ['before', 'before.each', 'after.each', 'before.each']);
});

const assertions = suite('assertions');

assertions('throws gives the error back', () => {
  const error = throws(() => {
    throw new RangeError('too far');
  }, RangeError);
  assert.is(error.message, 'too far');
});

assertions('throws fails when nothing is thrown', () => {
  assert.match(throws(() => throws(() => 1)).message, 'it returned 1');
});

assertions('throws compares a string with the message', () => {
  assert.match(
    throws(() =>
      throws(() => {
        throw new Error('apples');
      }, 'pears'),
    ).message,
    'Expected "pears"',
  );
});

assertions('throws looks at properties of the error', () => {
  const fail = (): never => {
    throw Object.assign(new Error('no'), { code: 'ENO' });
  };
  throws(fail, { code: 'ENO', message: 'no' });
  throws(() => throws(fail, { code: 'YES' }), 'code');
});

assertions('throws refuses what is no Error', () => {
  throws(
    () =>
      throws(() => {
        throw null;
      }),
    'not null',
  );
});

assertions('rejects awaits a promise or a function', async () => {
  await rejects(Promise.reject(new Error('late')), /^late$/);
  await rejects(async () => Promise.reject(new TypeError('later')), TypeError);
  await rejects(rejects(Promise.resolve(4)), 'it gave 4');
});
