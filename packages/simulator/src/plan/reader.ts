import { SimulatorError } from '../protocol/failure.ts';

/** Reads an object of JSON member by member; what does not fit is said with the path that leads to it. */
export class Reader {
  readonly #path: string;
  readonly #members: ReadonlyMap<string, unknown>;

  constructor(path: string, value: unknown) {
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, `must be an object, but is ${kindOf(value)}`);
    this.#members = new Map(Object.entries(value));
  }

  names(): string[] {
    return [...this.#members.keys()];
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  isNull(name: string): boolean {
    return this.#members.get(name) === null;
  }

  /** Refuses members of other names: a misspelt fault that is left out in silence would be a lie. */
  only(allowed: readonly string[]): void {
    for (const name of this.#members.keys()) {
      if (!allowed.includes(name)) this.fail(name, `is not known here; known are: ${allowed.join(', ')}`);
    }
  }

  text(name: string): string {
    const value = this.#members.get(name);
    return typeof value === 'string' ? value : this.fail(name, `must be text, but is ${kindOf(value)}`);
  }

  textOrNull(name: string): string | null {
    return this.isNull(name) ? null : this.text(name);
  }

  flag(name: string): boolean {
    const value = this.#members.get(name);
    return typeof value === 'boolean' ? value : this.fail(name, `must be true or false, but is ${kindOf(value)}`);
  }

  /** A whole number in [min, max]. */
  number(name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
    return this.#whole(name, this.#members.get(name), min, max);
  }

  numbers(name: string): number[] {
    return this.#array(name).map((value, at) => this.#whole(`${name}[${at}]`, value, 0, Number.MAX_SAFE_INTEGER));
  }

  texts(name: string): string[] {
    return this.#array(name).map((value, at) =>
      typeof value === 'string' ? value : this.fail(`${name}[${at}]`, `must be text, but is ${kindOf(value)}`),
    );
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.#members.get(name);
    return (
      allowed.find((item) => item === value) ??
      this.fail(name, `must be one of ${allowed.join(', ')}, but is ${JSON.stringify(value) ?? 'absent'}`)
    );
  }

  record(name: string): Reader {
    return new Reader(`${this.#path}.${name}`, this.#members.get(name));
  }

  list(name: string): Reader[] {
    return this.#array(name).map((value, at) => new Reader(`${this.#path}.${name}[${at}]`, value));
  }

  /** Lists of lists of text. */
  groups(name: string): string[][] {
    return this.#array(name).map((value, at) => {
      if (!Array.isArray(value)) return this.fail(`${name}[${at}]`, `must be a list, but is ${kindOf(value)}`);
      return value.map((item: unknown) => (typeof item === 'string' ? item : this.fail(`${name}[${at}]`, 'must be a list of text')));
    });
  }

  fail(name: string, message: string): never {
    throw bad(`${this.#path}.${name}`, message);
  }

  #array(name: string): unknown[] {
    const value = this.#members.get(name);
    return Array.isArray(value) ? value : this.fail(name, `must be a list, but is ${kindOf(value)}`);
  }

  #whole(name: string, value: unknown, min: number, max: number): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      return this.fail(name, `must be a whole number, but is ${kindOf(value)}`);
    return value >= min && value <= max ? value : this.fail(name, `is ${value}, but must be from ${min} to ${max}`);
  }
}

function bad(path: string, message: string): SimulatorError {
  return new SimulatorError('BAD_PLAN', `${path} ${message}`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${JSON.stringify(value)}`;
}
