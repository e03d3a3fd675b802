import type { ScreenAction } from './action.ts';
import { layoutOf, type PanelSize, type ScreenLayout } from './layout.ts';
import { EMPTY_LINE, edited, lineWith } from './line-edit.ts';
import type { Lines } from './lines.ts';
import { cursorRow, type Panel, type Prompt, type ScreenState } from './state.ts';

const HISTORY_MAX = 50;
const TRAIL_MAX = 100;

/** The next state. Pure: the same state and action give the same state, and nothing else happens. */
export function reduce(state: ScreenState, action: ScreenAction): ScreenState {
  switch (action.type) {
    case 'resize':
      return withCursor({ ...state, width: action.width, height: action.height }, state.cursor);
    case 'move':
      return moved(state, state.cursor + action.by);
    case 'movePage':
      return moved(state, state.cursor + Math.trunc(action.pages * Math.max(1, logHeight(state) - 1)));
    case 'goToLine':
      return moved(state, action.line);
    case 'goToRow':
      return jumped(state, action.row);
    case 'goBack':
      return wentBack(state);
    case 'lines':
      return withLines(state, action.lines, action.added);
    case 'open':
      return state.cursor < state.lines.count ? withLines(state, state.lines.opening(cursorRow(state)), 0) : state;
    case 'close':
      return state.cursor < state.lines.count ? withLines(state, state.lines.closing(cursorRow(state)), 0) : state;
    case 'panel':
      return withCursor({ ...state, panel: action.panel, panelScroll: 0, panelLines: 0, notice: null }, state.cursor);
    case 'panelLines':
      return action.lines <= state.panelLines ? state : withCursor({ ...state, panelLines: action.lines }, state.cursor);
    case 'scrollPanel':
      return { ...state, panelScroll: Math.max(0, state.panelScroll + action.by) };
    case 'chooseViolation':
      return { ...state, violation: action.violation, panelScroll: 0 };
    case 'prompt':
    case 'edit':
    case 'replacePrompt':
    case 'recall':
    case 'feedback':
    case 'accept':
    case 'cancelPrompt':
      return reducePrompt(state, action);
    default:
      return reduceSetting(state, action);
  }
}

type PromptAction = Extract<
  ScreenAction,
  { type: 'prompt' | 'edit' | 'replacePrompt' | 'recall' | 'feedback' | 'accept' | 'cancelPrompt' }
>;

function reducePrompt(state: ScreenState, action: PromptAction): ScreenState {
  if (action.type === 'prompt') {
    return { ...state, notice: null, prompt: { kind: action.kind, edit: lineWith(action.text), recalled: 0, feedback: null } };
  }
  const { prompt } = state;
  if (prompt === null) return state;
  switch (action.type) {
    case 'edit':
      return { ...state, prompt: { ...prompt, edit: edited(prompt.edit, action.key), recalled: 0 } };
    case 'replacePrompt':
      return { ...state, prompt: { ...prompt, edit: lineWith(action.text), recalled: 0 } };
    case 'recall':
      return { ...state, prompt: recalledPrompt(state, prompt, action.by) };
    case 'feedback':
      return { ...state, prompt: { ...prompt, feedback: action.feedback } };
    case 'accept':
      return { ...state, prompt: null, histories: { ...state.histories, [prompt.kind]: remembered(state, prompt) } };
    case 'cancelPrompt':
      return { ...state, prompt: null };
  }
}

function remembered(state: ScreenState, prompt: Prompt): readonly string[] {
  const { text } = prompt.edit;
  const others = state.histories[prompt.kind].filter((earlier) => earlier !== text);
  return text === '' ? others : [...others, text].slice(-HISTORY_MAX);
}

function recalledPrompt(state: ScreenState, prompt: Prompt, by: 1 | -1): Prompt {
  const history = state.histories[prompt.kind];
  const recalled = Math.min(history.length, Math.max(0, prompt.recalled + by));
  if (recalled === prompt.recalled) return prompt;
  const text = recalled === 0 ? '' : (history[history.length - recalled] ?? '');
  return { ...prompt, recalled, edit: text === '' ? EMPTY_LINE : lineWith(text) };
}

type SettingAction = Exclude<
  ScreenAction,
  | PromptAction
  | {
      type:
        | 'resize'
        | 'move'
        | 'movePage'
        | 'goToLine'
        | 'goToRow'
        | 'goBack'
        | 'lines'
        | 'open'
        | 'close'
        | 'panel'
        | 'panelLines'
        | 'scrollPanel'
        | 'chooseViolation';
    }
>;

function reduceSetting(state: ScreenState, action: SettingAction): ScreenState {
  switch (action.type) {
    case 'filter':
      return { ...state, filter: action.filter };
    case 'search':
      return { ...state, search: action.search };
    case 'folding':
      return { ...state, folding: action.folding };
    case 'hiddenPeers':
      return { ...state, hiddenPeers: action.peers };
    case 'firstPeer':
      return { ...state, firstPeer: Math.max(0, action.firstPeer) };
    case 'sideways':
      return { ...state, sideways: Math.max(0, action.sideways) };
    case 'toggleMark':
      return { ...state, marks: toggled(state.marks, action.row) };
    case 'follow':
      return action.follow ? { ...moved(state, state.lines.count - 1), follow: true, unseen: 0 } : { ...state, follow: false };
    case 'theme':
      return { ...state, theme: action.theme };
    case 'timeFormat':
      return { ...state, timeFormat: action.timeFormat };
    case 'notice':
      return { ...state, notice: action.notice };
  }
}

function toggled(marks: readonly number[], row: number): readonly number[] {
  return marks.includes(row) ? marks.filter((mark) => mark !== row) : [...marks, row].sort((a, b) => a - b);
}

/** A movement by hand: it ends following, unless it goes to the end, and it clears what was said last. */
function moved(state: ScreenState, line: number): ScreenState {
  const next = withCursor(state, line);
  const atEnd = next.cursor >= next.lines.count - 1;
  return { ...next, notice: null, follow: state.follow && atEnd, unseen: atEnd ? 0 : next.unseen };
}

function jumped(state: ScreenState, row: number): ScreenState {
  const from = cursorRow(state);
  const lines = state.lines.shows(row) ? state.lines.opening(row) : state.lines;
  const opened = lines === state.lines ? state : withLines(state, lines, 0);
  const there = centred(moved(opened, lines.lineOf(row)));
  return from < 0 || from === row ? there : { ...there, trail: [...state.trail, from].slice(-TRAIL_MAX) };
}

function wentBack(state: ScreenState): ScreenState {
  const row = state.trail.at(-1);
  if (row === undefined) return state;
  return { ...jumped(state, row), trail: state.trail.slice(0, -1) };
}

/** Other lines, with the cursor on the row where it was, at the same height of the screen, or at the end when following. */
function withLines(state: ScreenState, lines: Lines, added: number): ScreenState {
  const row = cursorRow(state);
  const next = { ...state, lines, unseen: state.follow ? 0 : state.unseen + added };
  if (state.follow) return withCursor(next, lines.count - 1);
  const cursor = row < 0 ? 0 : lines.lineOf(row);
  return withCursor({ ...next, top: cursor - (state.cursor - state.top) }, cursor);
}

/** The state with the cursor on a line that exists, and the window moved as little as makes it visible. */
function withCursor(state: ScreenState, line: number): ScreenState {
  const last = Math.max(0, state.lines.count - 1);
  const cursor = Math.min(last, Math.max(0, line));
  const height = Math.max(1, logHeight(state));
  const lowest = Math.max(0, state.lines.count - height);
  let top = Math.min(Math.max(0, state.top), lowest);
  if (cursor < top) top = cursor;
  if (cursor >= top + height) top = cursor - height + 1;
  return { ...state, cursor, top };
}

function centred(state: ScreenState): ScreenState {
  const height = Math.max(1, logHeight(state));
  return withCursor({ ...state, top: state.cursor - Math.floor(height / 3) }, state.cursor);
}

/** Lines of the log that the screen shows. */
function logHeight(state: ScreenState): number {
  return layoutFor(state).log;
}

const PANEL_SIZES = { none: 'none', details: 'half', state: 'half', violation: 'shared', help: 'full' } as const satisfies Record<
  Panel,
  PanelSize
>;

/** The parts of the screen in this state. */
export function layoutFor(state: ScreenState): ScreenLayout {
  return layoutOf(state.height, PANEL_SIZES[state.panel], state.panelLines + 1);
}
