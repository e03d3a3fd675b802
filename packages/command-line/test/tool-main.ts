import { runMain } from '../src/index.ts';
import { tool } from './tool.ts';

await runMain(process.argv.slice(2), tool);
