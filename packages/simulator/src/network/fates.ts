import type { MessageFate } from '../protocol/message-fate.ts';

interface Waiting {
  readonly fate: MessageFate;
  /** So many messages of the kind go by before it. */
  left: number;
}

/** The fates of single messages that are still to be sent, by link. */
export class Fates {
  readonly #byLink = new Map<number, Waiting[]>();

  add(link: number, fate: MessageFate): void {
    const waiting = this.#byLink.get(link);
    const added: Waiting = { fate, left: fate.nth };
    if (waiting === undefined) this.#byLink.set(link, [added]);
    else waiting.push(added);
  }

  /** What becomes of the message of that kind, which the link takes now. Where two fates meet one message the earlier counts. */
  of(link: number, kind: string): MessageFate | null {
    const waiting = this.#byLink.get(link);
    if (waiting === undefined) return null;
    let found: MessageFate | null = null;
    for (const one of waiting) {
      if (one.fate.kind !== 'any' && one.fate.kind !== kind) continue;
      one.left -= 1;
      if (one.left === 0) found ??= one.fate;
    }
    const rest = waiting.filter(({ left }) => left > 0);
    if (rest.length === 0) this.#byLink.delete(link);
    else this.#byLink.set(link, rest);
    return found;
  }
}
