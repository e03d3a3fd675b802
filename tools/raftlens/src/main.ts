import { runMain } from '@raftlens/command-line';
import { PROGRAM } from './program.ts';

await runMain(process.argv.slice(2), PROGRAM);
