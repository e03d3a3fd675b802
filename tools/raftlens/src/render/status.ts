import type { Prompt, PromptKind, ScreenState } from '../model/state.ts';
import { cellText, cut, fitLine, type Line, line, type Span, span, widthOf } from '../text/line.ts';

const LABELS: Readonly<Record<PromptKind, string>> = { filter: 'filter: ', search: '/', command: ':', export: 'save to: ' };

/** The last line: the prompt, or what was said last, or the keys that matter now. `hints` are pairs of key and meaning. */
export function statusLine(state: ScreenState, hints: readonly (readonly [string, string])[]): Line {
  if (state.prompt !== null) return promptLine(state.prompt, state.width);
  if (state.notice !== null) return fitLine(line([span(` ${cellText(state.notice.text)}`, state.notice.tone)], 'bar'), state.width);
  const spans: Span[] = [span(' ')];
  let used = 1;
  for (const [key, meaning] of hints) {
    used += widthOf(key) + widthOf(meaning) + 3;
    if (used > state.width) break;
    spans.push(span(key, 'key'), span(` ${meaning}  `, 'faint'));
  }
  return fitLine(line(spans, 'bar'), state.width);
}

function promptLine(prompt: Prompt, width: number): Line {
  const { shown } = promptWindow(prompt, width);
  const feedback = prompt.feedback === null ? '' : cellText(prompt.feedback.text);
  const room = width - widthOf(LABELS[prompt.kind]) - widthOf(shown) - 2;
  const spans = [
    span(LABELS[prompt.kind], 'key'),
    span(shown, 'strong'),
    span('  '),
    span(cut(feedback, room), prompt.feedback?.tone ?? 'plain'),
  ];
  return fitLine(line(spans), width);
}

/** Where the terminal's cursor stands on the last line while a prompt is open. */
export function promptCursor(prompt: Prompt, width: number): number {
  return widthOf(LABELS[prompt.kind]) + promptWindow(prompt, width).cursor;
}

/** The part of the typed text that fits and holds its cursor. */
function promptWindow({ kind, edit }: Prompt, width: number): { readonly shown: string; readonly cursor: number } {
  const room = Math.max(4, width - widthOf(LABELS[kind]) - 2);
  const before = cellText(Array.from(edit.text).slice(0, edit.cursor).join(''));
  const after = cellText(Array.from(edit.text).slice(edit.cursor).join(''));
  const visible = tailOf(before, room);
  return { shown: visible + cut(after, Math.max(0, room - widthOf(visible))), cursor: widthOf(visible) };
}

function tailOf(text: string, width: number): string {
  const characters = Array.from(text);
  let start = characters.length;
  let cells = 0;
  while (start > 0) {
    cells += widthOf(characters[start - 1] ?? '');
    if (cells > width) break;
    start -= 1;
  }
  return characters.slice(start).join('');
}
