import type { ToolContext } from '@raftlens/command-line';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { STRUCTURES } from '../seeded/protocol.ts';
import type { SimArguments } from './run-sim.ts';
import { sessionOptions } from './session-options.ts';

/** `run-until-fail sim SCENARIO...` */
export function addSimCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'sim [scenarios..]',
    'Run scenarios of the Raft simulator, seed after seed',
    (builder) =>
      sessionOptions(builder)
        .positional('scenarios', { type: 'string', array: true, describe: "Scenarios; with --bug, that bug's own unless given" })
        .option('seeds', { type: 'string', describe: 'A..B, A.. or one seed (default: 1..)' })
        .option('bug', {
          type: 'string',
          describe: 'A core with this known bug planted in it, such as C1, or with a patch of your own: FILE.patch',
        })
        .option('structure', { choices: STRUCTURES, describe: "The structure of the core (default: the bug's, or state-machine)" })
        .option('race', { type: 'boolean', describe: 'Shuffle the tasks of the locked structure, and look for races' })
        .option('worker-memory', { type: 'string', default: '1024', describe: 'MiB of a worker; one that leaks is replaced' }),
    async (options: ArgumentsCamelCase<SimArguments>) => {
      // Loading the simulator takes longer than starting the tool: only those who simulate wait for it.
      const { runSim } = await import('./run-sim.ts');
      context.exitCode = await runSim(options);
    },
  );
}
