import { UserError } from '@raftlens/command-line';
import { loadScenarioFile, type Scenario, SimulatorError, scenarioNamed } from '@raftlens/simulator';

/** A name with a slash or the ending of a script is a user's own scenario in a file. */
export function isScenarioFile(name: string): boolean {
  return name.includes('/') || /\.[cm]?[jt]s$/.test(name);
}

export function scenarioOf(name: string): Promise<Scenario> {
  return isScenarioFile(name) ? fromFile(name) : Promise.resolve(scenarioNamed(name));
}

/** The scenario of the file that run.json names, if it names one. */
export async function scenarioFileOf(value: unknown): Promise<Scenario | null> {
  return typeof value === 'string' ? fromFile(value) : null;
}

/** @throws UserError BAD_SCENARIO: what is wrong with the file is its author's to mend */
async function fromFile(path: string): Promise<Scenario> {
  try {
    return await loadScenarioFile(path);
  } catch (error) {
    throw error instanceof SimulatorError ? new UserError(error.code, error.message) : error;
  }
}
