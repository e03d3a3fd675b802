import { type Profiler, Session } from 'node:inspector';

/** The cores that a run may be played on: the built one, and those with a bug planted in them. */
const CORE_URL = /\/raft\/dist\/|@raftlens\/raft\/|\/raftlens-bug-zoo-[^/]*\//;

/**
 * Runs the body and gives the names of the core's functions that were called in it, private methods with their `#`. V8 counts the calls; the body runs
 * more slowly for it.
 */
export async function functionsRun(body: () => Promise<unknown>): Promise<ReadonlySet<string>> {
  const session = new Session();
  session.connect();
  try {
    await post(session, 'Profiler.enable');
    await post(session, 'Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await body();
    return namesIn(await coverageOf(session));
  } finally {
    session.disconnect();
  }
}

function namesIn(scripts: readonly Profiler.ScriptCoverage[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { url, functions } of scripts) {
    if (!CORE_URL.test(url)) continue;
    for (const { functionName, ranges } of functions) if (functionName !== '' && (ranges[0]?.count ?? 0) > 0) names.add(functionName);
  }
  return names;
}

function post(session: Session, method: 'Profiler.enable' | 'Profiler.startPreciseCoverage', params: object = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    session.post(method, params, (error) => (error === null ? resolve() : reject(error)));
  });
}

function coverageOf(session: Session): Promise<readonly Profiler.ScriptCoverage[]> {
  return new Promise((resolve, reject) => {
    session.post('Profiler.takePreciseCoverage', (error, { result }) => (error === null ? resolve(result) : reject(error)));
  });
}
