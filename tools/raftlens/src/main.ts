import { runMain } from '@raftlens/command-line';
import { markStandardInput } from './commands/input.ts';
import { PROGRAM } from './program.ts';

await runMain(markStandardInput(process.argv.slice(2)), PROGRAM);
