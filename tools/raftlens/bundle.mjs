/**
 * Puts the built tool and all that it needs into a few files, dist/bundle: Node reads and resolves each of some 250 modules by itself, which
 * takes longer than opening the log and drawing it. What a command alone needs is in a chunk of its own and read when the command is given.
 */
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * string-width reads the pattern of all emoji when it is loaded, which takes as long as opening a log: only text beyond ASCII needs it. In
 * the bundle it is loaded by the first such text.
 */
const lazyStringWidth = {
  name: 'lazy-string-width',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ kind, resolveDir: pluginData }) =>
      kind === 'import-statement' ? { path: 'string-width', namespace: 'lazy', pluginData } : undefined,
    );
    onLoad({ filter: /^string-width$/, namespace: 'lazy' }, ({ pluginData: resolveDir }) => ({
      contents: "export default (...given) => require('string-width').default(...given);",
      resolveDir,
    }));
  },
};

/** The engine for patterns is loaded by the first pattern that needs it, and Node resolves it then: in the bundle it is a part of the file. */
const lazyPatternEngine = {
  name: 'lazy-pattern-engine',
  setup({ onLoad }) {
    onLoad({ filter: /packages[\\/]patterns[\\/]dist[\\/]src[\\/]engine\.js$/ }, () => ({
      contents: "export const engine = () => require('re2js').RE2JS;",
    }));
  },
};

const common = {
  outdir: at('dist/bundle'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // An optional dependency with a binary of its own.
  external: ['@duckdb/node-api'],
  // Node reads its data for the division of text, which takes as long as the first frame, when a segmenter is made: only text beyond
  // ASCII needs one.
  inject: [at('lazy-segmenter.mjs')],
  define: { 'Intl.Segmenter': 'LazySegmenter' },
  plugins: [lazyStringWidth, lazyPatternEngine],
  legalComments: 'linked',
  // Blessed is CommonJS and asks for Node's own modules.
  banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  logLevel: 'warning',
};

rmSync(at('dist/bundle'), { recursive: true, force: true });
// Threads look for their script beside the file that starts them.
const threads = { 'check-worker': at('dist/src/check/check-worker.js'), worker: at('../../packages/log-store/dist/src/scan/worker.js') };
await build({ ...common, entryPoints: threads });
// The Go sources that `raftlens lab` runs are looked for beside the bundle.
cpSync(at('../../packages/observe/go'), at('dist/bundle/go'), { recursive: true });
// Last, because bin/raftlens.mjs tells by its age whether the bundle is of this build.
await build({ ...common, entryPoints: { main: at('dist/src/main.js') }, splitting: true });
