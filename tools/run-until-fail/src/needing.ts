import { UserError } from '@raftlens/command-line';
import { errorCode } from './errors.ts';

/**
 * What a module gives that needs packages which are no dependency of this tool, because few of its users need them.
 *
 * @param feature what needs them, for the message: `--queue`
 * @throws UserError MISSING_PACKAGE where one is not installed
 */
export async function needing<T>(module: Promise<T>, feature: string, ...packages: readonly string[]): Promise<T> {
  try {
    return await module;
  } catch (cause) {
    if (errorCode(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const names = packages.join(' ');
    throw new UserError('MISSING_PACKAGE', `${feature} needs what is not installed here: npm install -g ${names}`, { cause });
  }
}
