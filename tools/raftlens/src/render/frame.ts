import type { LogDocument } from '../model/document.ts';
import { LEAST_HEIGHT, LEAST_WIDTH, type ScreenLayout } from '../model/layout.ts';
import { layoutFor } from '../model/reduce.ts';
import type { ScreenState } from '../model/state.ts';
import { fitLine, type Line, line, span, textLine } from '../text/line.ts';
import { detailsPanel } from './details-panel.ts';
import { geometryOf } from './geometry.ts';
import { type HelpGroup, helpPanel } from './help-panel.ts';
import { logLines } from './log-window.ts';
import { statePanel } from './state-panel.ts';
import { promptCursor, statusLine } from './status.ts';
import { timelineLines } from './timeline.ts';
import { headerLine, titleLine } from './title.ts';
import { violationPanel } from './violation-panel.ts';

/** The whole screen: exactly `height` lines of exactly `width` cells, and where the terminal's cursor stands. */
export interface Frame {
  readonly lines: readonly Line[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** What the controllers know and the renderers show. */
export interface FrameExtras {
  readonly panel: readonly Line[];
  readonly hints: readonly (readonly [string, string])[];
  /** The commands that fit what is typed in the palette. */
  readonly palette: readonly Line[];
}

export function frameOf(state: ScreenState, document: LogDocument, extras: FrameExtras): Frame {
  if (state.width < LEAST_WIDTH || state.height < LEAST_HEIGHT) return tooSmall(state);
  const layout = layoutFor(state);
  const geometry = geometryOf(state, document, state.width);
  const lines = [
    titleLine(state, document),
    ...(layout.timeline > 0 ? timelineLines(state, document) : []),
    ...(layout.header > 0 ? [headerLine(state, document, geometry)] : []),
    ...(layout.log > 0 ? logLines(state, document, geometry, layout.log) : []),
    ...windowed(extras.panel, state, layout),
    statusLine(state, extras.hints),
  ];
  const drawn = withPalette(lines, state, extras).map((of) => fitLine(of, state.width));
  const { prompt } = state;
  return {
    lines: drawn,
    cursor: prompt === null ? null : { x: Math.min(state.width - 1, promptCursor(prompt, state.width)), y: state.height - 1 },
  };
}

/** What the open panel says, all of it. */
export function panelLines(state: ScreenState, document: LogDocument, help: readonly HelpGroup[]): Line[] {
  switch (state.panel) {
    case 'none':
      return [];
    case 'details':
      return detailsPanel(state, document, state.width - 1);
    case 'state':
      return statePanel(state, document, state.width - 1);
    case 'violation':
      return violationPanel(state, document, state.width - 1);
    case 'help':
      return helpPanel(help, state.width);
  }
}

const PANEL_TITLES = { none: '', details: 'details', state: 'state of the servers', violation: 'violation', help: 'keys' } as const;

/** The part of the panel that its scroll position shows, under a bar that names it. */
function windowed(panel: readonly Line[], state: ScreenState, layout: ScreenLayout): Line[] {
  if (layout.panel === 0) return [];
  const room = layout.panel - 1;
  const top = Math.min(state.panelScroll, Math.max(0, panel.length - room));
  const more = panel.length > room ? `  ${top + 1}-${Math.min(panel.length, top + room)} of ${panel.length}, J and K scroll` : '';
  const bar = fitLine(line([span(` ${PANEL_TITLES[state.panel]}`, 'title'), span(more, 'faint')], 'bar'), state.width);
  const shown = panel.slice(top, top + room);
  return [bar, ...shown, ...Array.from({ length: room - shown.length }, () => line([]))];
}

/** The commands that fit, drawn over the lines above the prompt. */
function withPalette(lines: readonly Line[], state: ScreenState, { palette }: FrameExtras): Line[] {
  if (state.prompt?.kind !== 'command') return [...lines];
  const shown = palette.slice(0, Math.max(1, Math.floor(state.height / 2)));
  const drawn = [...lines];
  drawn.splice(lines.length - 1 - shown.length, shown.length, ...shown);
  return drawn;
}

function tooSmall(state: ScreenState): Frame {
  const lines = [textLine(`too small: ${LEAST_WIDTH}x${LEAST_HEIGHT} at least`)];
  while (lines.length < state.height) lines.push(line([]));
  return { lines: lines.slice(0, state.height).map((of) => fitLine(of, state.width)), cursor: null };
}
