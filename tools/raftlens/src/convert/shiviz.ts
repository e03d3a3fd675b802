import { printable } from '@raftlens/command-line';
import type { LogStore } from '@raftlens/log-store';
import { wholeText } from './lines.ts';
import type { ConvertedRow, Writer } from './writer.ts';

type CountsByHost = Map<string, number>;

/**
 * ShiViz: the text of each event and then `host {"clock":...}`. The vector clocks are made from the messages that the log
 * joins; the pattern for ShiViz is `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`.
 */
export function shivizWriter(): Writer {
  const clocks = new Map<string, CountsByHost>();
  /** The clocks that messages carry, by the row of their send, until they are received. */
  const carried = new Map<number, CountsByHost>();
  return {
    begin: () => '',
    row: ({ row, event, text }: ConvertedRow, store: LogStore) => {
      const host = printable(event.node).replaceAll(/\s/g, '_');
      const clock = new Map(clocks.get(host));
      const partner = store.partnerOf(row);
      if (event.dir === 'recv') merge(clock, carried.get(partner));
      clock.set(host, (clock.get(host) ?? 0) + 1);
      clocks.set(host, clock);
      if (event.dir === 'send' && partner > row) carried.set(row, clock);
      else if (event.dir === 'recv') carried.delete(partner);
      return `${wholeText(event, text)}\n${host} ${JSON.stringify(Object.fromEntries(clock))}\n`;
    },
    end: () => '',
  };
}

function merge(clock: CountsByHost, other: CountsByHost | undefined): void {
  for (const [host, count] of other ?? []) clock.set(host, Math.max(count, clock.get(host) ?? 0));
}
