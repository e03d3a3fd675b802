import { loadScenarioFile, type Scenario, scenarioNamed } from '@raftlens/simulator';

/** A name with a slash or the ending of a script is a user's own scenario in a file. */
export function isScenarioFile(name: string): boolean {
  return name.includes('/') || /\.[cm]?[jt]s$/.test(name);
}

export function scenarioOf(name: string): Promise<Scenario> {
  return isScenarioFile(name) ? loadScenarioFile(name) : Promise.resolve(scenarioNamed(name));
}

/** The scenario of the file that run.json names, if it names one. */
export async function scenarioFileOf(value: unknown): Promise<Scenario | null> {
  return typeof value === 'string' ? loadScenarioFile(value) : null;
}
