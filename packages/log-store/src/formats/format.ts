import type { Event } from '@raftlens/events';
import type { FormatDefinition } from './definition.ts';

/** What a format makes of one record of a file. */
export type Decoded = DecodedEvent | { readonly reason: string };

export interface DecodedEvent {
  readonly event: Event;
  /** pino's level of the line. */
  readonly level: number;
  /** For messages without an id of their own: a text that a send and its receive have in common. */
  readonly key?: string;
  /** For events with a vector clock: the clock, as JSON. */
  readonly clock?: string;
}

/** How the records of a format are found and read. */
export interface LogFormat {
  readonly name: string;
  /** One line for lists: what writes it. */
  readonly title: string;
  /** Most formats write one line an event; ShiViz may write two, and says which. */
  readonly record: 'line' | 'text-then-clock' | 'clock-then-text';
  /** What a format of the user's own is made from, so that another thread can make it again. */
  readonly definition?: FormatDefinition;
  /** `file` is the name of the file, for formats that name the peer nowhere else. */
  decode(record: string, file: string): Decoded;
  /** The event alone, of a record that is still bytes: for formats that need not make a text of it first. */
  decodeBytes?(record: Uint8Array): { readonly event: Event } | { readonly reason: string };
}
