/** How many requests the servers may send, all together. Replies are not counted. */
export interface MessageBudget {
  /** In a second in which no command comes in, nobody stands for election and the harness does nothing. */
  readonly idle?: number;
  /** Until there is a first leader. */
  readonly election?: number;
}

const PART = /^(idle|election)=([1-9]\d{0,8})$/;

/** Reads "idle=60,election=30"; null for a text that is no budget. */
export function readBudget(text: string): MessageBudget | null {
  const budget: { idle?: number; election?: number } = {};
  for (const part of text.split(',')) {
    const [, name, count] = PART.exec(part.trim()) ?? [];
    if (name !== 'idle' && name !== 'election') return null;
    budget[name] = Number(count);
  }
  return budget;
}
