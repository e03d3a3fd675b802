/** A crash at a persist point: at the `nth` write from now (1 is the next), before it reached the disk or just after. */
export interface PersistPoint {
  readonly nth: number;
  readonly when: 'before' | 'after';
  /** How the process ends there: it is killed, or the write fails, which a server must not survive either. */
  readonly kind: 'crash' | 'io-error' | 'disk-full';
}

/**
 * How a disk damages what it called durable. Every record has a checksum over its bytes and its place, and a start finds the damage: bits of
 * a durable record flipped; a write went to another place and overwrote another record; a read returned too little, and works when it is
 * repeated.
 */
export const DAMAGES = ['bit-flip', 'misdirected-write', 'short-read'] as const;
export type Damage = (typeof DAMAGES)[number];
