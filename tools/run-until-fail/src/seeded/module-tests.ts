import { errorMessage } from '../errors.ts';
import type { SeededTest } from './seeded-test.ts';

/** What a module's test function is given beside the seed. */
export interface ModuleContext {
  /** A folder for what the test wants to leave behind; null while it is run only to see whether it fails. */
  readonly folder: string | null;
}

type TestFunction = (seed: string, context: ModuleContext) => unknown;

/**
 * The seeded tests of a module: functions `(seed, { folder }) => void | Promise<void>` that throw, or give false, when the test fails.
 */
export async function loadModuleTests(url: string, names: readonly string[]): Promise<readonly SeededTest[]> {
  const module: unknown = await import(url);
  return names.map((name) => seededTest(testFunction(module, name)));
}

function testFunction(module: unknown, name: string): TestFunction {
  const value: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, name) : undefined;
  if (typeof value !== 'function') throw new Error(`the module exports no function "${name}"`);
  return (seed, context) => Reflect.apply(value, undefined, [seed, context]) as unknown;
}

function seededTest(test: TestFunction): SeededTest {
  const run = async (seed: string, folder: string | null) => {
    try {
      if ((await test(seed, { folder })) !== false) return null;
      return { type: 'check', kind: 'false', message: 'the test function gave false' } as const;
    } catch (error) {
      if (folder !== null) console.error(error);
      return { type: 'check', kind: error instanceof Error ? error.name : 'thrown', message: errorMessage(error) } as const;
    }
  };
  return {
    run: (seed) => run(seed, null),
    runLogged: async (seed, folder) => ({ reason: await run(seed, folder), info: {} }),
  };
}
