import type { Access } from './report.ts';
import type { Cell, Waitable } from './task-record.ts';

/** Is told of every access to guarded state: the race detector. */
export interface AccessWatcher {
  /** A field that tasks decide by. */
  addDecisive(cell: Cell): void;
  noteRead(cell: Cell, lock: Waitable): void;
  noteWrite(cell: Cell, lock: Waitable): void;
  /** A loop over a collection starts. */
  iterationStart(cell: Cell): Access;
  /** A step of that loop, whose collection had the version `startedAt` when it began. */
  noteIteration(cell: Cell, lock: Waitable, startedAt: number, start: Access): void;
}

export interface GuardOptions<T> {
  /** Fields that tasks decide by, such as term and role: to act after an await without a new look at them is reported. */
  readonly decisive?: readonly (keyof T & string)[];
  /** For objects of classes, which are watched as a whole: the names of the methods that change them. All others read. */
  readonly mutators?: readonly string[];
}

type Key = string | symbol;

const LOOPS: ReadonlySet<Key> = new Set(['keys', 'values', 'entries', 'forEach', Symbol.iterator]);

/**
 * Wraps state in proxies that tell the detector of each read and write. Plain objects are watched field by field, maps key
 * by key, arrays, sets and objects of classes as a whole. Frozen objects are values and are left alone.
 */
export class Guard<T extends object> {
  readonly #watcher: AccessWatcher;
  readonly #lock: Waitable;
  readonly #decisive: ReadonlySet<string>;
  readonly #mutators: ReadonlySet<Key>;
  readonly #proxies = new WeakMap<object, object>();
  readonly #originals = new WeakMap<object, object>();

  constructor(watcher: AccessWatcher, lock: Waitable, options: GuardOptions<T>) {
    this.#watcher = watcher;
    this.#lock = lock;
    this.#decisive = new Set<string>(options.decisive ?? []);
    this.#mutators = new Set<Key>(options.mutators ?? []);
  }

  wrap(path: string, state: T): T {
    return this.#fields(path, state, this.#decisive);
  }

  /** What a read gives: an object that can change is watched in its turn. */
  #child(path: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value) || this.#originals.has(value)) return value;
    const known = this.#proxies.get(value);
    if (known !== undefined) return known;
    if (Array.isArray(value)) return this.#array(path, value);
    if (value instanceof Map) return this.#map(path, value);
    if (value instanceof Set) return this.#whole(path, value, SET_MUTATORS);
    if (Object.getPrototypeOf(value) === Object.prototype) return this.#fields(path, value, NONE);
    return this.#mutators.size === 0 || ArrayBuffer.isView(value) ? value : this.#whole(path, value, this.#mutators);
  }

  /** What a write stores: never a proxy. */
  #original(value: unknown): unknown {
    return typeof value === 'object' && value !== null ? (this.#originals.get(value) ?? value) : value;
  }

  #remember<O extends object>(original: O, proxy: O): O {
    this.#proxies.set(original, proxy);
    this.#originals.set(proxy, original);
    return proxy;
  }

  #fields<O extends object>(path: string, target: O, decisive: ReadonlySet<string>): O {
    const cells = new Map<Key, Cell>();
    const cellOf = (key: Key): Cell => {
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = newCell(`${path}.${String(key)}`);
        cells.set(key, cell);
      }
      return cell;
    };
    for (const key of decisive) this.#watcher.addDecisive(cellOf(key));
    const proxy = new Proxy(target, {
      get: (object, key) => {
        const value: unknown = Reflect.get(object, key);
        if (typeof key === 'symbol' || typeof value === 'function') return value;
        const cell = cellOf(key);
        this.#watcher.noteRead(cell, this.#lock);
        return this.#child(cell.path, value);
      },
      set: (object, key, value) => {
        this.#watcher.noteWrite(cellOf(key), this.#lock);
        return Reflect.set(object, key, this.#original(value));
      },
    });
    return this.#remember(target, proxy);
  }

  #array(path: string, target: unknown[]): unknown[] {
    const cell = newCell(path);
    const proxy = new Proxy(target, {
      get: (array, key) => {
        if (LOOPS.has(key)) return this.#loop(cell, array, key);
        const value: unknown = Reflect.get(array, key);
        if (typeof value === 'function') return value;
        this.#watcher.noteRead(cell, this.#lock);
        return this.#child(`${path}[${String(key)}]`, value);
      },
      set: (array, key, value) => {
        this.#watcher.noteWrite(cell, this.#lock);
        return Reflect.set(array, key, this.#original(value));
      },
    });
    return this.#remember(target, proxy);
  }

  #map(path: string, target: Map<unknown, unknown>): object {
    const keys = newCell(`${path} (its keys)`);
    const cells = new Map<unknown, Cell>();
    const cellOf = (key: unknown): Cell => {
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = newCell(`${path}[${String(key)}]`);
        cells.set(key, cell);
      }
      return cell;
    };
    const change = (key: unknown, body: () => unknown): unknown => {
      const size = target.size;
      this.#watcher.noteWrite(cellOf(key), this.#lock);
      const result = body();
      if (target.size !== size) this.#watcher.noteWrite(keys, this.#lock);
      return result;
    };
    const methods = {
      get: (key: unknown) => {
        this.#watcher.noteRead(cellOf(key), this.#lock);
        return this.#child(`${path}[${String(key)}]`, target.get(key));
      },
      has: (key: unknown) => {
        this.#watcher.noteRead(keys, this.#lock);
        return target.has(key);
      },
      set: (key: unknown, value: unknown) => {
        change(key, () => target.set(key, this.#original(value)));
        return proxy;
      },
      delete: (key: unknown) => change(key, () => target.delete(key)),
      clear: () => {
        this.#watcher.noteWrite(keys, this.#lock);
        target.clear();
      },
    };
    const proxy: object = new Proxy(target, {
      get: (map, key) => {
        if (LOOPS.has(key)) return this.#loop(keys, map, key);
        if (Object.hasOwn(methods, key)) return Reflect.get(methods, key) as unknown;
        this.#watcher.noteRead(keys, this.#lock);
        return Reflect.get(map, key, map) as unknown;
      },
    });
    return this.#remember<object>(target, proxy);
  }

  /** An object that is watched as one: a set, or an object of a class, whose private fields need the original as `this`. */
  #whole(path: string, target: object, mutators: ReadonlySet<Key>): object {
    const cell = newCell(path);
    const proxy = new Proxy(target, {
      get: (object, key) => {
        if (LOOPS.has(key) && target instanceof Set) return this.#loop(cell, object, key);
        const value: unknown = Reflect.get(object, key, object);
        if (typeof value !== 'function') {
          this.#watcher.noteRead(cell, this.#lock);
          return value;
        }
        return (...args: unknown[]) => {
          if (mutators.has(key)) this.#watcher.noteWrite(cell, this.#lock);
          else this.#watcher.noteRead(cell, this.#lock);
          const originals = args.map((arg) => this.#original(arg));
          return Reflect.apply(value, object, originals) as unknown;
        };
      },
    });
    return this.#remember(target, proxy);
  }

  /** A loop over a collection, checked at each step: `keys()`, `values()`, `entries()`, `for ... of` and `forEach`. */
  #loop(cell: Cell, collection: object, key: Key): unknown {
    const method: unknown = Reflect.get(collection, key);
    if (typeof method !== 'function') return method;
    return (...args: unknown[]) => {
      this.#watcher.noteRead(cell, this.#lock);
      const [callback] = args;
      if (key === 'forEach' && typeof callback === 'function') {
        const watched = (item: unknown, at: unknown): unknown => Reflect.apply(callback, null, [this.#step(cell, item), at]) as unknown;
        return Reflect.apply(method, collection, [watched]) as unknown;
      }
      const result: unknown = Reflect.apply(method, collection, args);
      return isIterator(result) ? this.#steps(cell, result) : result;
    };
  }

  *#steps(cell: Cell, iterator: IterableIterator<unknown>): Generator<unknown> {
    const start = this.#watcher.iterationStart(cell);
    const startedAt = cell.version;
    for (const item of iterator) {
      this.#watcher.noteIteration(cell, this.#lock, startedAt, start);
      yield this.#step(cell, item);
    }
  }

  #step(cell: Cell, item: unknown): unknown {
    if (!Array.isArray(item)) return this.#child(`${cell.path}[...]`, item);
    // A pair of entries(): a fresh array, whose value is what may change.
    return item.map((part: unknown) => this.#child(`${cell.path}[...]`, part));
  }
}

const NONE: ReadonlySet<string> = new Set();
const SET_MUTATORS: ReadonlySet<Key> = new Set(['add', 'delete', 'clear']);

function newCell(path: string): Cell {
  return { path, version: 0, writer: null, write: null };
}

function isIterator(value: unknown): value is IterableIterator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && Symbol.iterator in value;
}
