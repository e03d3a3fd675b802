import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

interface Served {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tarball: Buffer;
}

/**
 * A registry of packages on this machine, as far as npm asks: one version of each package. It has the given tarballs, and what else is asked
 * for it packs from what pnpm has installed in the workspace, so that nothing comes from the network.
 */
export class LocalRegistry {
  readonly #store: string;
  readonly #served = new Map<string, Served>();
  readonly #server: Server;
  #url = '';

  private constructor(tarballs: readonly string[], store: string) {
    this.#store = store;
    for (const path of tarballs) {
      const manifest = manifestIn(execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' }));
      this.#served.set(String(manifest['name']), { manifest, tarball: readFileSync(path) });
    }
    this.#server = createServer((request, response) => {
      const answer = this.#answer(decodeURIComponent(request.url ?? ''));
      response.writeHead(answer === null ? 404 : 200).end(answer ?? '{}');
    });
  }

  /** `store` is pnpm's folder of installed packages. */
  static async start(tarballs: readonly string[], store: string): Promise<LocalRegistry> {
    const registry = new LocalRegistry(tarballs, store);
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    const { port } = registry.#server.address() as AddressInfo;
    registry.#url = `http://127.0.0.1:${port}`;
    return registry;
  }

  get url(): string {
    return this.#url;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(path: string): Buffer | string | null {
    const tarball = /^\/(.+)\/-\/it\.tgz$/.exec(path)?.[1];
    if (tarball !== undefined) return this.#find(tarball)?.tarball ?? null;
    const name = path.slice(1);
    const served = this.#find(name);
    if (served === undefined) return null;
    const version = String(served.manifest['version']);
    const dist = {
      tarball: `${this.#url}/${name}/-/it.tgz`,
      integrity: `sha512-${createHash('sha512').update(served.tarball).digest('base64')}`,
    };
    return JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...served.manifest, dist } } });
  }

  #find(name: string): Served | undefined {
    const known = this.#served.get(name);
    if (known !== undefined) return known;
    const prefix = `${name.replace('/', '+')}@`;
    const installed = readdirSync(this.#store).find((folder) => folder.startsWith(prefix));
    if (installed === undefined) return undefined;
    const folder = realpathSync(join(this.#store, installed, 'node_modules', name));
    const served = {
      manifest: manifestIn(readFileSync(join(folder, 'package.json'), 'utf8')),
      tarball: execFileSync('tar', ['-cz', '--transform=s,^[.],package,', '--exclude=./node_modules', '-C', folder, '.'], {
        maxBuffer: 1 << 28,
      }),
    };
    this.#served.set(name, served);
    return served;
  }
}

function manifestIn(text: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

/** A machine on which nothing is installed: a home, a cache of npm, a place for global packages, all empty. */
export function emptyMachine(folder: string, registry: string): NodeJS.ProcessEnv {
  for (const name of ['home', 'cache', 'global', 'work']) mkdirSync(join(folder, name));
  const { PATH = '' } = process.env;
  return {
    PATH: `${join(folder, 'global', 'bin')}:${PATH}`,
    HOME: join(folder, 'home'),
    LANG: 'C.UTF-8',
    npm_config_cache: join(folder, 'cache'),
    npm_config_prefix: join(folder, 'global'),
    npm_config_registry: registry,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

export function bytesOf(path: string): number {
  return statSync(path).size;
}
