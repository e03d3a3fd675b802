import type { PeerTone } from './line.ts';

const PEER_TONES: readonly PeerTone[] = ['peer1', 'peer2', 'peer3', 'peer4', 'peer5', 'peer6', 'peer7', 'peer8'];

/** The colour of the peer at this place among all peers; after eight they begin again. */
export function peerTone(place: number): PeerTone {
  return PEER_TONES[place % PEER_TONES.length] ?? 'peer1';
}
