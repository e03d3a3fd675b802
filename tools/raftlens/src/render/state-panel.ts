import type { PeerState, TailEntry } from '@raftlens/log-store';
import type { LogDocument } from '../model/document.ts';
import { numberOfRow } from '../model/row-number.ts';
import { cursorRow, type ScreenState } from '../model/state.ts';
import { cellText, fit, type Line, line, type Span, span, type Tone, textLine } from '../text/line.ts';
import { peerTone } from '../text/peer-tone.ts';
import { clockText } from '../text/time.ts';
import { shownPeers } from './geometry.ts';

const TAIL_MAX = 64;
const CELL = 4;

/**
 * Every server's state at the cursor's moment, and the ends of their logs under one another, as figure 7 of the paper draws
 * them: the number is the entry's term, and what is committed as far as that server knows is marked.
 */
export function statePanel(state: ScreenState, document: LogDocument, width: number): Line[] {
  const row = cursorRow(state);
  if (row < 0) return [textLine('nothing is shown', 'faint')];
  const states = document.store.stateAt(row);
  const shown = shownPeers(state, document).flatMap((peer) => {
    const found = states.get(peer);
    return found === undefined ? [] : [found];
  });
  const head = line([
    span(`At ${clockText(document.store.columns.time(row))}, once line ${numberOfRow(document.store, row)} has happened`, 'title'),
  ]);
  if (shown.length === 0) return [head, textLine('no server has said anything yet', 'faint')];
  return [head, line([]), ...logTails(document, row, shown, width, violatedIndex(state, document))];
}

const HEADS = ['', 'role', 'term', 'vote', 'commit', 'applied', 'last'] as const;

function fields(peer: PeerState): string[] {
  const number = (value: number | null) => (value === null ? '-' : String(value));
  const last = peer.last === null ? '-' : `${peer.last}/${number(peer.lastTerm)}`;
  const role = peer.alive ? (peer.role ?? '-') : 'down';
  return [cellText(peer.node), role, number(peer.term), cellText(peer.vote ?? '-'), number(peer.commit), number(peer.applied), last];
}

/** The entry that the chosen violation is about, null where none is chosen or it is about no entry. */
function violatedIndex({ violation }: ScreenState, { store, findings }: LogDocument): number | null {
  const finding = findings.found[violation];
  const event = finding === undefined ? null : store.event(finding.row);
  return event?.index ?? event?.match ?? event?.lastIncludedIndex ?? event?.prev ?? null;
}

/** The first index that is shown: the ends of the logs, or what is around the entry in focus where that is further back. */
function firstIndex(highest: number, room: number, focus: number | null): number {
  const ofEnds = Math.max(1, highest - room + 1);
  return focus === null || focus >= ofEnds ? ofEnds : Math.max(1, focus - Math.floor(room / 2));
}

/** Further back than this nobody looks, and each entry costs time. */
const ENTRIES_BACK_MAX = 20_000;

function entriesBack(last: number, first: number): number {
  return Math.min(ENTRIES_BACK_MAX, Math.max(TAIL_MAX, last - first + 1));
}

function logTails(document: LogDocument, row: number, shown: readonly PeerState[], width: number, focus: number | null): Line[] {
  const table = shown.map(fields);
  const widths = HEADS.map((head, at) => Math.max(head.length, ...table.map((cells) => (cells[at] ?? '').length)));
  const tableWidth = widths.reduce((sum, cells) => sum + cells + 2, 0);
  const room = Math.min(TAIL_MAX, Math.floor((width - tableWidth - 4) / CELL));
  const highest = Math.max(0, ...shown.map((peer) => peer.last ?? 0));
  const first = firstIndex(highest, room, focus);
  const tails =
    room < 2 ? shown.map(() => []) : shown.map((peer) => document.store.logTailAt(row, peer.node, entriesBack(peer.last ?? 0, first)));
  const indices = Array.from({ length: highest === 0 ? 0 : Math.max(0, Math.min(room, highest - first + 1)) }, (_, at) => first + at);
  const head = line([
    span(HEADS.map((name, at) => fit(name, (widths[at] ?? 0) + 2)).join(''), 'faint'),
    span(indices.length > 0 && room >= 2 ? `log ${indices.map((index) => String(index % 1000).padStart(CELL)).join('')}` : '', 'faint'),
  ]);
  const lines = shown.map((peer, at) => {
    const cells = (table[at] ?? []).map((text, place) => span(fit(text, (widths[place] ?? 0) + 2), toneOf(document, peer, place)));
    return line([...cells, ...(room < 2 ? [] : [span('    ')]), ...tailSpans(tails[at] ?? [], indices, peer, room)]);
  });
  const legend =
    room < 2 || indices.length === 0
      ? []
      : [line([]), textLine('the terms of the entries by index; | after the last one that the server knows to be committed', 'faint')];
  return [head, ...lines, ...legend];
}

function toneOf(document: LogDocument, peer: PeerState, place: number): Tone {
  if (place === 0) return peerTone(Math.max(0, document.peers.indexOf(peer.node)));
  if (place !== 1) return 'plain';
  if (!peer.alive) return 'crashed';
  if (peer.role === null) return 'plain';
  return peer.role === 'precandidate' ? 'candidate' : peer.role;
}

function tailSpans(tail: readonly TailEntry[], indices: readonly number[], peer: PeerState, room: number): Span[] {
  if (room < 2) return [];
  const byIndex = new Map(tail.map((entry) => [entry.index, entry]));
  const commit = peer.commit ?? 0;
  return indices.map((index) => {
    const entry = byIndex.get(index);
    const text = entry === undefined ? ((peer.last ?? 0) >= index ? '?' : '') : String(entry.term);
    const sign = index === commit ? '|' : ' ';
    return span(`${text.padStart(CELL - 1)}${sign}`, index <= commit ? 'commit' : 'plain');
  });
}
