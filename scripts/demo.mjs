/**
 * The main job, from nothing to a named cause: `npm run demo [-- --bug ID]`.
 * A scenario passes on the healthy core; then the same scenario is run on a core with a known bug until it fails, and the failure is looked at.
 * It only calls the tools as a user would: what it shows is what a user gets.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { giveUp, ROOT } from './lib/workspace.mjs';
import { prepare } from './prepare.mjs';

const HEALTHY_SEEDS = '1..20';
const LOGS = process.env.RAFTLENS_LOGS ?? 'logs';
const LATEST = join(LOGS, 'latest');

const { bug } = parseArguments();
prepare();

const { scenario, what } = await headerOf(bug);

say(`1. The healthy core: ${scenario}, seeds ${HEALTHY_SEEDS}`);
expectExit(0, tool('run-until-fail', 'sim', scenario, '--seeds', HEALTHY_SEEDS));

say(`2. The same scenario on a core with bug ${bug} (${what}), until it fails`);
expectExit(1, tool('run-until-fail', 'sim', scenario, '--bug', bug, '--no-open'));

say('3. The first wrong step, and the lines of the log that prove it');
expectExit(1, tool('raftlens', 'check', LATEST));

say('4. What stood around it, a column for each server');
expectExit(0, tool('raftlens', 'columns', LATEST, '--around', 'violation'));

say(`To look at the whole run:  npx raftlens ${LATEST}`);

function parseArguments() {
  try {
    return parseArgs({ options: { bug: { type: 'string', default: 'C1' } } }).values;
  } catch (error) {
    return giveUp(`${error.message}\nUsage: npm run demo [-- --bug ID]`, 2);
  }
}

async function headerOf(id) {
  const zoo = await import(join(ROOT, 'packages', 'bug-zoo', 'dist', 'src', 'index.js'));
  try {
    return zoo.bugById(id).header;
  } catch (error) {
    return giveUp(error.message, 2);
  }
}

function tool(name, ...args) {
  say(`$ npx ${name} ${args.join(' ')}`, '');
  return spawnSync(process.execPath, [join(ROOT, 'tools', name, 'bin', `${name}.mjs`), ...args], { cwd: ROOT, stdio: 'inherit' });
}

/** A demo that goes on after a surprise would show something else than it says. */
function expectExit(expected, { status, signal, error }) {
  if (error !== undefined) giveUp(error.message, 3);
  if (signal === 'SIGINT' || status === 130) process.exit(130);
  if (status !== expected) giveUp(`The demo expected exit code ${expected} here and got ${signal ?? status}.`, 3);
}

function say(text, before = '\n') {
  process.stdout.write(`${before}${text}\n`);
}
