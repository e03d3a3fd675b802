import type { Operation } from './history.ts';

/** What a service does when its operations are applied one after the other. States are text, so that equal ones are found by equality. */
export interface SequentialModel {
  readonly name: string;
  readonly initial: string;
  /** Operations on different parts never meet: each part is checked alone. */
  readonly partOf: (operation: Operation) => string;
  /**
   * The state after the operation; null when the operation cannot give that output in that state. An operation that failed is asked
   * only where `observesFailure`, and leaves the state as it is.
   */
  readonly step: (state: string, operation: Operation) => string | null;
  /** True when the operation changes nothing, so that one of unknown outcome may be left out. */
  readonly readsOnly: (operation: Operation) => boolean;
  /** True when the refusal of this operation tells what state it met. */
  readonly observesFailure: (operation: Operation) => boolean;
  /**
   * The states that the operation can tell from others. Where the model has this, a state that no operation can tell apart, and that is
   * no beginning of one where there are appends, is as good as any other such state: see `Horizon`.
   */
  readonly observed?: (operation: Operation) => readonly string[];
}

/** Answers of a key/value service that has no such key, as the labs and the public clients spell them. */
const NO_KEY = /^(?:ErrNoKey|ErrNotFound|not[-_ ]?found|key not found|no such key|nil|null)$/i;

/** Refusals that say: compared, and found unequal. Any other reason (a timeout, no leader) tells nothing of the state. */
const COMPARED =
  /^(?:|false|ErrVersion|Err(?:Cas|Compare|Mismatch)\w*|22|.*\b(?:precondition|mismatch|unequal|not[-_ ]equal|compare)\b.*)$/i;

function noFailure(): boolean {
  return false;
}

function saysNoKey(operation: Operation): boolean {
  return NO_KEY.test(operation.output ?? '');
}

function seen(state: string, operation: Operation): string | null {
  if (operation.output === null || operation.output === state) return state;
  return state === '' && saysNoKey(operation) ? state : null;
}

/** get, put and append on keys that are independent of one another; a key that was never written reads as "". */
export const keyValueModel: SequentialModel = {
  name: 'key/value',
  initial: '',
  partOf: (operation) => operation.key,
  step: (state, operation) => {
    switch (operation.f) {
      case 'get':
        if (operation.failed) return state === '' ? state : null;
        return seen(state, operation);
      case 'put':
        return operation.input;
      case 'append':
        return state + operation.input;
      case 'delete':
        return '';
      default:
        return null;
    }
  },
  readsOnly: (operation) => operation.f === 'get',
  observesFailure: (operation) => operation.f === 'get' && saysNoKey(operation) && operation.output !== '',
  // The empty state answers to several names.
  observed: ({ f, output }) => (f === 'get' && output !== null ? ['', output] : ['']),
};

/**
 * read, write and cas on a register for each key. The input of cas is "old new"; one that compared unequal ends in Fail, and has seen
 * that the register does not hold the old value. A Fail that tells another reason has seen nothing.
 */
export const registerModel: SequentialModel = {
  name: 'register',
  initial: '',
  partOf: (operation) => operation.key,
  step: (state, operation) => {
    switch (operation.f) {
      case 'read':
        return seen(state, operation);
      case 'write':
        return operation.input;
      case 'cas': {
        const blank = operation.input.indexOf(' ');
        const fits = state === operation.input.slice(0, blank);
        if (operation.failed) return fits ? null : state;
        return fits ? operation.input.slice(blank + 1) : null;
      }
      default:
        return null;
    }
  },
  readsOnly: (operation) => operation.f === 'read',
  observesFailure: ({ f, input, output }) => f === 'cas' && (output === input || COMPARED.test(output ?? '')),
  observed: ({ f, input, output }) => {
    if (f === 'cas') return ['', input.slice(0, input.indexOf(' '))];
    return f === 'read' && output !== null ? ['', output] : [''];
  },
};

/** append and read on one log for each key: an append gives the index of its entry, from 1; a read gives all entries joined by commas. */
export const logModel: SequentialModel = {
  name: 'log',
  initial: '',
  partOf: (operation) => operation.key,
  step: (state, operation) => {
    switch (operation.f) {
      case 'read':
        return seen(state, operation);
      case 'append': {
        const after = state === '' ? operation.input : `${state},${operation.input}`;
        return operation.output === null || Number(operation.output) === after.split(',').length ? after : null;
      }
      default:
        return null;
    }
  },
  readsOnly: (operation) => operation.f === 'read',
  observesFailure: noFailure,
};

/** acquire and release of a lock for each key. A refusal to acquire has seen it held, a refusal to release has seen it free. */
export const mutexModel: SequentialModel = {
  name: 'mutex',
  initial: '',
  partOf: (operation) => operation.key,
  step: (state, operation) => {
    const isHeld = state !== '';
    switch (operation.f) {
      case 'acquire':
        if (operation.failed) return isHeld ? state : null;
        return isHeld ? null : 'held';
      case 'release':
        if (operation.failed) return isHeld ? null : state;
        return isHeld ? '' : null;
      default:
        return null;
    }
  },
  readsOnly: () => false,
  // A client may be refused because somebody else holds the lock, or because it holds it itself: only a model with owners could tell.
  observesFailure: noFailure,
};
