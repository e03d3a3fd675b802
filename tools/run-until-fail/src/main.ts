import { runMain, type ToolContext } from '@raftlens/command-line';
import { EventError } from '@raftlens/events';
import type { Argv } from 'yargs';
import { addHangCommand } from './commands/hang-command.ts';
import { addMergeCommand } from './commands/merge-command.ts';
import { addModuleCommand } from './commands/module-command.ts';
import { addPresetCommands } from './commands/preset-commands.ts';
import { addRunCommand } from './commands/run-command.ts';
import { addSimCommand } from './commands/sim-command.ts';
import { addStoredCommands } from './commands/stored-commands.ts';
import { userPresets } from './presets/presets-file.ts';
import { bisectExitCode } from './session/exit-code.ts';
import { packageVersion } from './version.ts';

const argv = process.argv.slice(2);
// What stands after "--" is the command to run, and none of our business.
const dashes = argv.indexOf('--');
const own = dashes === -1 ? argv : argv.slice(0, dashes);
const command = dashes === -1 ? [] : argv.slice(dashes + 1);

function addOthers(cli: Argv, context: ToolContext): Argv {
  return [addSimCommand, addModuleCommand, addStoredCommands, addHangCommand, addMergeCommand].reduce(
    (built, add) => add(built, context),
    cli,
  );
}

// A mistake in the file is reported where all mistakes are: inside of runMain.
const presets = await userPresets(process.cwd()).then(
  (found) => () => found,
  (error: unknown) => () => {
    throw error;
  },
);

const exitCode = await runMain(own, {
  name: 'run-until-fail',
  version: packageVersion(),
  summary: 'Runs a test again and again until it fails; keeps, replays, shrinks and explains the failure.',
  usage: 'run-until-fail [options] -- COMMAND...',
  examples: [
    ['run-until-fail -- go test -run 3C', 'until it fails; what it printed is kept under logs/'],
    ['run-until-fail --time 10m --jobs 8 --timeout 60s -- ./my-test', 'for ten minutes at most, eight at a time'],
    ['run-until-fail --runs 1000 --keep-going -- npm test', 'how often does it fail?'],
    ['run-until-fail sim figure-8 --seeds 1..1000', 'a thousand simulated runs of a Raft scenario'],
    ["run-until-fail -- ./my-test --seed '{seed}' --out '{dir}'", 'a seed and a folder for each run, also as RUN_SEED and RUN_DIR'],
  ],
  userErrors: [EventError],
  build: (cli, context) => addRunCommand(addPresetCommands(addOthers(cli, context), context, command, presets()), context, command),
});

if (own.includes('--bisect')) process.exitCode = bisectExitCode(exitCode);
