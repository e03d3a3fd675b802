/** A crash at a persist point: at the `nth` write from now (1 is the next), before it reached the disk or just after. */
export interface PersistPoint {
  readonly nth: number;
  readonly when: 'before' | 'after';
  /** How the process ends there: it is killed, or the write fails, which a server must not survive either. */
  readonly kind: 'crash' | 'io-error' | 'disk-full';
}

/**
 * How a disk spoils what it called durable. Every record has a checksum over its bytes and its place, so that a start finds out: bits that
 * flipped in a record that was durable; a write that went to another place, where it spoils another record too; a read that came short,
 * which is whole when it is tried again.
 */
export const DAMAGES = ['bit-flip', 'misdirected-write', 'short-read'] as const;
export type Damage = (typeof DAMAGES)[number];
