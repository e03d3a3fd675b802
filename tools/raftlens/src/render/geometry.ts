import type { LogDocument } from '../model/document.ts';
import type { ScreenState } from '../model/state.ts';

/** A peer's column: its lane is at `x`, its text from `x + 2` on. */
export interface PeerColumn {
  readonly peer: string;
  /** The peer's number in the store's names. */
  readonly node: number;
  /** Its place among all peers, which gives it its colour and its key 1..9. */
  readonly place: number;
  readonly x: number;
  readonly width: number;
}

export interface Geometry {
  readonly label: { readonly x: number; readonly width: number };
  readonly time: { readonly x: number; readonly width: number };
  readonly columns: readonly PeerColumn[];
  /** Where the first column starts. */
  readonly left: number;
  readonly moreLeft: boolean;
  readonly moreRight: boolean;
}

const GUTTER = 2;
const TIME_WIDTH = 13;
const LEAST_COLUMN = 12;
/** The last column is wider, because its texts cannot run on to the right. */
const LAST_COLUMN_MORE = 10;
const LEAST_WIDTH_FOR_TIME = 56;
const LEAST_WIDTH_FOR_LABEL = 100;

/** Who stands where, from left to right: the gutter, the seq, the time, and as many peers as fit. */
export function geometryOf(state: ScreenState, document: LogDocument, width: number): Geometry {
  const labelWidth = width < LEAST_WIDTH_FOR_LABEL ? 0 : Math.max(4, String(document.store.size).length);
  const timeWidth = width < LEAST_WIDTH_FOR_TIME ? 0 : TIME_WIDTH;
  const label = { x: GUTTER, width: labelWidth };
  const time = { x: GUTTER + labelWidth, width: timeWidth };
  const left = GUTTER + labelWidth + timeWidth + 1;
  const shown = shownPeers(state, document);
  const fitting = Math.max(1, Math.min(shown.length, Math.floor((width - left) / LEAST_COLUMN)));
  const first = Math.min(state.firstPeer, Math.max(0, shown.length - fitting));
  const step = Math.max(LEAST_COLUMN, Math.floor((width - left - LAST_COLUMN_MORE) / fitting));
  const columns = shown.slice(first, first + fitting).map((peer, at) => ({
    peer,
    node: document.store.columns.names.find(peer),
    place: document.peers.indexOf(peer),
    x: left + at * step,
    width: at === fitting - 1 ? width - left - at * step : step,
  }));
  return { label, time, columns, left, moreLeft: first > 0, moreRight: first + fitting < shown.length };
}

export function shownPeers(state: ScreenState, document: LogDocument): readonly string[] {
  return document.peers.filter((peer) => !state.hiddenPeers.includes(peer));
}
