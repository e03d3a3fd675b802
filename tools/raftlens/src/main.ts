import { runTool } from '@raftlens/command-line';
import { namesOnlyPaths } from './commands/plain-call.ts';
import { TOOL } from './tool.ts';

const argv = process.argv.slice(2);
// Most calls only name the log: its first screen is there before a parser of options would be.
if (process.stdout.isTTY && namesOnlyPaths(argv)) {
  await runTool(argv, TOOL, async () => {
    const { openPlainly } = await import('./commands/open-screen.ts');
    await openPlainly(argv);
  });
} else {
  const { runProgram } = await import('./program.ts');
  await runProgram(argv);
}
