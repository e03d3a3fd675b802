import type { Violation } from '@raftlens/checker';
import type { Event } from '@raftlens/events';
import { type LogStore, ROLES } from '@raftlens/log-store';
import { numberOfRow } from '../model/row-number.ts';
import { CRASHED, Survey } from '../model/survey.ts';
import { cellText } from '../text/line.ts';
import { clockText } from '../text/time.ts';

/** Lengths in CSS pixels. */
const COLUMN_WIDTH = 230;
const ROW_HEIGHT = 18;
const LEFT = 150;
export const TOP = 56;

export interface DiagramEvent {
  readonly row: number;
  /** The place of its peer's line, -1 for a line that stands across all of them. */
  readonly peer: number;
  readonly y: number;
  readonly label: string;
  readonly time: string;
  readonly text: string;
  readonly op: string;
  readonly term: number | null;
  readonly evidence: boolean;
  readonly heartbeat: boolean;
}

export interface DiagramMessage {
  readonly fromRow: number;
  readonly toRow: number;
  readonly from: number;
  readonly to: number;
  readonly fromY: number;
  readonly toY: number;
  readonly lost: boolean;
  /** No line tells of its send. */
  readonly unsent: boolean;
  readonly op: string;
  readonly text: string;
  readonly heartbeat: boolean;
}

export type LifeRole = 'follower' | 'candidate' | 'leader' | 'down';

/** A piece of a peer's line during which its role stays the same. */
export interface LifeSpan {
  readonly peer: number;
  readonly fromY: number;
  readonly toY: number;
  readonly role: LifeRole;
}

/** A space-time diagram: the peers as vertical lines, time downwards, messages as arrows. */
export interface Diagram {
  readonly title: string;
  readonly peers: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly events: readonly DiagramEvent[];
  readonly messages: readonly DiagramMessage[];
  readonly lives: readonly LifeSpan[];
  readonly violation: Violation | null;
}

export interface DiagramInput {
  readonly store: LogStore;
  readonly title: string;
  readonly rows: readonly number[];
  readonly peers: readonly string[];
  readonly evidence: ReadonlySet<number>;
  readonly violation: Violation | null;
}

/** Lays the rows out, one below the other in the order of the log, which is that of cause and effect. */
export function diagramOf(input: DiagramInput): Diagram {
  const { store, title, rows, peers, violation } = input;
  const yOf = new Map(rows.map((row, at) => [row, TOP + (at + 0.5) * ROW_HEIGHT]));
  const height = TOP + rows.length * ROW_HEIGHT + 20;
  const events = rows.map((row) => eventOf(input, row, yOf.get(row) ?? 0));
  return {
    title,
    peers,
    width: LEFT + peers.length * COLUMN_WIDTH + 20,
    height,
    events,
    messages: messagesOf(input, events, yOf),
    lives: livesOf(store, rows, peers, yOf, height),
    violation,
  };
}

function eventOf({ store, peers, evidence }: DiagramInput, row: number, y: number): DiagramEvent {
  const event = store.event(row);
  return {
    row,
    peer: event === null ? -1 : peers.indexOf(event.node),
    y,
    label: String(numberOfRow(store, row)),
    time: event === null ? '' : clockText(event.time),
    text: cellText(store.text(row, 400)),
    op: event?.op ?? '',
    term: event?.term ?? null,
    evidence: evidence.has(row),
    heartbeat: event !== null && isHeartbeat(store, row, event),
  };
}

function isHeartbeat(store: LogStore, row: number, event: Event): boolean {
  if (event.op === 'AppendEntries') return event.n === 0;
  if (event.op !== 'AppendEntriesReply') return false;
  const request = store.requestOf(row);
  return request >= 0 && store.event(request)?.n === 0;
}

/**
 * An arrow for each message whose receive, or loss, is in the picture; its send may stand above the picture. Where no line tells of the send
 * the arrow is short: it shows from whom, and not since when.
 */
function messagesOf({ store, peers }: DiagramInput, events: readonly DiagramEvent[], yOf: ReadonlyMap<number, number>): DiagramMessage[] {
  return events.flatMap((end): DiagramMessage[] => {
    const event = store.event(end.row);
    if (event === null || (event.dir !== 'recv' && event.dir !== 'drop')) return [];
    const from = peers.indexOf(event.src);
    const to = peers.indexOf(event.dst);
    if (from < 0 || to < 0 || from === to) return [];
    const send = store.partnerOf(end.row);
    const lost = event.dir === 'drop';
    const unsent = !lost && send < 0;
    const fromY = yOf.get(send) ?? (lost || unsent ? end.y : TOP);
    const { text, op, heartbeat } = end;
    return [{ fromRow: send, toRow: end.row, from, to, fromY, toY: end.y, lost, unsent, op, text, heartbeat }];
  });
}

function livesOf(
  store: LogStore,
  rows: readonly number[],
  peers: readonly string[],
  yOf: ReadonlyMap<number, number>,
  height: number,
): LifeSpan[] {
  const survey = new Survey(store.columns, (row) => store.columns.names.find(store.event(row)?.target ?? ''));
  survey.extend(store.size);
  return peers.flatMap((peer, place) => {
    const node = store.columns.names.find(peer);
    const spans: LifeSpan[] = [];
    let role: LifeRole | null = null;
    let fromY = TOP;
    for (const row of rows) {
      const next = roleOf(survey, node, row);
      if (next === role) continue;
      const y = yOf.get(row) ?? TOP;
      if (role !== null) spans.push({ peer: place, fromY, toY: y, role });
      fromY = role === null && row === rows[0] ? TOP : y;
      role = next;
    }
    if (role !== null) spans.push({ peer: place, fromY, toY: height - 10, role });
    return spans;
  });
}

function roleOf(survey: Survey, node: number, row: number): LifeRole | null {
  const span = survey.roleAt(node, row);
  if (span === undefined) return null;
  if (span.role === CRASHED) return 'down';
  const role = ROLES[span.role] ?? 'follower';
  return role === 'precandidate' ? 'candidate' : role;
}

/** The x of a peer's line. */
export function lineX(peer: number): number {
  return LEFT + peer * COLUMN_WIDTH + 12;
}
