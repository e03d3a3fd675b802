import type { Operation } from './history.ts';

/** What a service does when its operations are applied one after the other. States are text, so that equal ones are found by equality. */
export interface Model {
  readonly name: string;
  readonly initial: string;
  /** Operations on different parts never meet: each part is checked alone. */
  readonly partOf: (operation: Operation) => string;
  /** The state after the operation; null when the operation cannot give that output in that state. */
  readonly step: (state: string, operation: Operation) => string | null;
  /** True when the operation changes nothing, so that one of unknown outcome may be left out. */
  readonly readsOnly: (operation: Operation) => boolean;
}

function seen(state: string, operation: Operation): string | null {
  return operation.output === null || operation.output === state ? state : null;
}

/** get, put and append on keys that are independent of one another; a key that was never written reads as "". */
export const keyValueModel: Model = {
  name: 'key/value',
  initial: '',
  partOf: (operation) => operation.key,
  step: (state, operation) => {
    switch (operation.f) {
      case 'get':
        return seen(state, operation);
      case 'put':
        return operation.input;
      case 'append':
        return state + operation.input;
      default:
        return null;
    }
  },
  readsOnly: (operation) => operation.f === 'get',
};

/** read, write and cas on a register for each key. The input of cas is "old new"; one that compared unequal ends in Fail. */
export const registerModel: Model = {
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
        return state === operation.input.slice(0, blank) ? operation.input.slice(blank + 1) : null;
      }
      default:
        return null;
    }
  },
  readsOnly: (operation) => operation.f === 'read',
};

/** append and read on one log for each key: an append gives the index of its entry, from 1; a read gives all entries joined by commas. */
export const logModel: Model = {
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
};
