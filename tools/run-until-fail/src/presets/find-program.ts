import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { suggest, UserError } from '@raftlens/command-line';

/** Finds out before the first run whether a command can be started at all. @throws UserError COMMAND_NOT_FOUND or COMMAND_NOT_EXECUTABLE */
export function checkProgram(program: string, directory: string, path: string): void {
  if (program.includes('/')) {
    checkFile(program, resolve(directory, program));
    return;
  }
  if (isOnPath(program, path)) return;
  const folders = foldersOf(path);
  const near = suggest(program, folders.flatMap(namesIn));
  const here = isFile(resolve(directory, program)) ? ` There is a file of that name here: write ./${program}.` : '';
  const question = near === undefined || near === program ? '' : ` Did you mean "${near}"?`;
  throw new UserError('COMMAND_NOT_FOUND', `there is no command "${program}" on the PATH.${here || question}`);
}

export function isOnPath(program: string, path: string): boolean {
  return foldersOf(path).some((folder) => isExecutable(join(folder, program)));
}

function foldersOf(path: string): readonly string[] {
  return path.split(delimiter).filter((folder) => folder !== '');
}

function checkFile(program: string, file: string): void {
  if (!isFile(file)) throw new UserError('COMMAND_NOT_FOUND', `cannot run "${program}": there is no such file`);
  if (!isExecutable(file))
    throw new UserError('COMMAND_NOT_EXECUTABLE', `cannot run "${program}": the file is not executable; chmod +x it`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
