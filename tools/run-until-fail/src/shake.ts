import { createHash } from 'node:crypto';
import { UserError, unknownName } from '@raftlens/command-line';

/** What is varied of a run because races hang on it. */
export const FACTORS = ['procs', 'cpus', 'neighbours', 'nice', 'slack'] as const;
export type Factor = (typeof FACTORS)[number];

/** What a run is shaken by: the factors that are not as usual, in the order of FACTORS. Values are counts, of `slack` milliseconds. */
export type ShakeSetting = Readonly<Partial<Record<Factor, number>>>;

/** The values that a factor may take beside the usual one. */
export type Levels = Readonly<Record<Factor, readonly number[]>>;

/** How a factor is called where it is as usual. */
const USUAL: Readonly<Record<Factor, string>> = { procs: 'usual', cpus: 'all', neighbours: '0', nice: '0', slack: 'usual' };
/** The largest value that can be asked for. */
const MOST: Readonly<Record<Factor, number>> = { procs: 1024, cpus: 1024, neighbours: 256, nice: 19, slack: 1000 };

/** The setting of a run: a function of its seed, so that the run has it again when it is run again. Half of the time a factor is as usual. */
export function settingOf(seed: string, levels: Levels): ShakeSetting {
  const draws = createHash('sha256').update(`shake ${seed}`).digest();
  const drawn = FACTORS.flatMap((factor, at) => {
    const of = levels[factor];
    const value = of[draws.readUInt16BE(4 * at + 2) % Math.max(1, of.length)];
    return draws.readUInt16BE(4 * at) % 2 === 0 || value === undefined ? [] : [[factor, value] as const];
  });
  return Object.fromEntries(drawn);
}

/** "procs=1,nice=19", or "calm". */
export function settingText(setting: ShakeSetting): string {
  const parts = FACTORS.flatMap((factor) => (setting[factor] === undefined ? [] : [levelText(factor, setting[factor])]));
  return parts.length === 0 ? CALM : parts.join(',');
}

const CALM = 'calm';

/** "slack=50ms" of one factor; "slack=usual" where it is as usual. */
export function levelText(factor: Factor, value: number | undefined): string {
  return `${factor}=${value === undefined ? USUAL[factor] : factor === 'slack' ? `${value}ms` : value}`;
}

/** @throws UserError BAD_SHAKE, UNKNOWN_NAME */
export function parseSetting(text: string): ShakeSetting {
  if (text === CALM) return {};
  const setting: Partial<Record<Factor, number>> = {};
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split(/=(.*)/s);
    const factor = FACTORS.find((known) => known === name);
    if (factor === undefined) throw unknownName('setting of --shake-with', name, FACTORS);
    const digits = factor === 'slack' ? /^(\d{1,4})ms$/.exec(value)?.[1] : /^\d{1,4}$/.exec(value)?.[0];
    const least = factor === 'procs' || factor === 'cpus' ? 1 : 0;
    if (digits === undefined || Number(digits) > MOST[factor] || Number(digits) < least)
      throw new UserError(
        'BAD_SHAKE',
        `--shake-with: ${factor} must be a whole number ${factor === 'slack' ? 'of milliseconds, such as 50ms, ' : ''}from ${least} to ${MOST[factor]}, not "${value}"`,
      );
    if (setting[factor] !== undefined) throw new UserError('BAD_SHAKE', `--shake-with has ${factor} twice`);
    if (Number(digits) > 0) setting[factor] = Number(digits);
  }
  return setting;
}
