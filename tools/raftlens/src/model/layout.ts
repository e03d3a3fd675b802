/** Which lines of the screen belong to what. Heights are in lines; 0 means that there is no room for the part. */
export interface ScreenLayout {
  readonly title: number;
  readonly timeline: number;
  readonly header: number;
  readonly log: number;
  readonly panel: number;
  readonly status: number;
}

/** `half` leaves room for the log on a screen that has it for both; `shared` does on every screen; `full` never. */
export type PanelSize = 'none' | 'half' | 'shared' | 'full';

const LEAST_HEIGHT_FOR_TIMELINE = 16;
const LEAST_HEIGHT_FOR_BOTH = 18;
const LEAST_LOG_HEIGHT = 5;
/** Below it a screen has no line of the log beside a panel of two. */
const LEAST_ROOM_TO_SHARE = 3;
const PANEL_SHARE_MAX = 0.55;

/** The smallest screen on which anything can be read; below it the screen only says so. */
export const LEAST_WIDTH = 24;
export const LEAST_HEIGHT = 5;

/**
 * From 200x60 down to 40x10. The title, the header and the status line always stay; the timeline goes first, and a panel
 * takes the place of the log where both would be too small to read. That of a violation never does: it speaks of lines of the log.
 */
export function layoutOf(height: number, panel: PanelSize, panelWanted: number): ScreenLayout {
  const timeline = height >= LEAST_HEIGHT_FOR_TIMELINE ? 2 : 0;
  const room = Math.max(0, height - 3 - timeline);
  const parts = { title: 1, timeline, header: 1, status: 1 };
  if (panel === 'none') return { ...parts, log: room, panel: 0 };
  const isFull = panel === 'full' || (panel === 'half' && height < LEAST_HEIGHT_FOR_BOTH) || room < LEAST_ROOM_TO_SHARE;
  if (isFull) return { ...parts, header: 0, log: 0, panel: room + 1 };
  const shared = Math.max(2, Math.min(panelWanted, Math.floor(room * PANEL_SHARE_MAX), room - LEAST_LOG_HEIGHT));
  return { ...parts, log: room - shared, panel: shared };
}

/** The first line of each part, counted from the top of the screen. */
export function topsOf(layout: ScreenLayout): {
  readonly timeline: number;
  readonly log: number;
  readonly panel: number;
  readonly status: number;
} {
  const timeline = layout.title;
  const log = timeline + layout.timeline + layout.header;
  const panel = log + layout.log;
  return { timeline, log, panel, status: panel + layout.panel };
}
