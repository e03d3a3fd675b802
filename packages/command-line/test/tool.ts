import { InterruptedError, type Program, UserError, writeOutput } from '../src/index.ts';

class StoreError extends Error {}

/** A small tool that shows how every tool behaves. */
export const tool: Program = {
  name: 'tool',
  version: '1.2.3',
  summary: 'Does things to show how a tool behaves.',
  examples: [
    ['tool count 3', 'counts to three'],
    ['tool fail', 'fails'],
  ],
  userErrors: [StoreError],
  build: (cli, context) =>
    cli
      .option('colour', { type: 'boolean', describe: 'Print colours', global: true })
      .command(
        'count <upto>',
        'Count',
        (count) =>
          count
            .positional('upto', { type: 'string', demandOption: true })
            .option('step', { type: 'number', default: 1 })
            .option('kind', { choices: ['plain', 'fancy'] as const }),
        ({ upto, step }) => {
          for (let i = 1; i <= Number(upto); i += step) process.stdout.write(`${i}\n`);
        },
      )
      .command(
        'fail [upto]',
        'Fail',
        (fail) => fail.positional('upto', { type: 'string', default: '0' }),
        async ({ upto }) => {
          for (let i = 1; i <= Number(upto); i += 1) await writeOutput(`${i}\n`);
          context.exitCode = 1;
        },
      )
      .command(
        'throw <what>',
        'Throw',
        (it) => it.positional('what', { type: 'string', demandOption: true }),
        async ({ what }) => {
          await Promise.resolve();
          if (what === 'later') {
            setTimeout(() => throwLater(), 1);
            return;
          }
          throw THROWN[what] === undefined ? new TypeError('oops') : THROWN[what]();
        },
      )
      .demandCommand(1, 'a command is needed: count, fail or throw'),
};

const THROWN: Readonly<Record<string, () => unknown>> = {
  user: () => new UserError('BAD_LINE', 'a.log:3: not an event: \u001b[31m'),
  store: () => new StoreError('the store is shut'),
  path: () => Object.assign(new Error('ENOENT'), { code: 'ENOENT', path: 'x/y' }),
  interrupt: () => new InterruptedError(),
  null: () => null,
};

function throwLater(): never {
  throw new TypeError('too late');
}
