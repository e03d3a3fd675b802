import { CancelledError, FilterError, parseFilter } from '@raftlens/log-store';
import { PatternError } from '@raftlens/patterns';
import { needleOf } from '../model/needle.ts';
import type { PromptKind, StatusNotice } from '../model/state.ts';
import { countText, plural } from '../text/time.ts';
import type { App } from './app.ts';
import { searchAgain } from './search.ts';

/** What a prompt does with its text; the command palette calls the same functions. */
export async function applyFilter(app: App, expression: string): Promise<void> {
  const parsed = parseFilter(expression);
  if (!parsed.ok) {
    app.say(parsed.error.message, 'error');
    return;
  }
  app.dispatch({ type: 'filter', filter: expression.trim() });
  await app.refeed();
  if (app.state.filter !== '')
    app.say(`${plural(app.state.lines.rowCount, 'line')} of ${countText(app.document.store.size)}; Esc shows all again`);
}

export function applySearch(app: App, text: string): void {
  const problem = searchProblem(text);
  if (problem !== null) {
    app.say(problem, 'error');
    return;
  }
  app.dispatch({ type: 'search', search: text });
  if (text !== '') void searchAgain(app, 'forward');
}

function searchProblem(text: string): string | null {
  try {
    needleOf(text);
    return null;
  } catch (error) {
    if (error instanceof PatternError) return error.code === 'BAD_PATTERN' ? `no regular expression: ${error.message}` : error.message;
    throw error;
  }
}

export function exportTo(app: App, path: string): void {
  if (path === '') {
    app.say('give a file to save to', 'warning');
    return;
  }
  void app.startJob(async () => app.say(await app.host.writeExport(path, app), 'commit'));
}

/** What the text typed so far would do, shown beside it while typing. */
export function previewPrompt(app: App, kind: PromptKind, text: string): void {
  if (kind === 'filter') previewFilter(app, text);
  else if (kind === 'search') {
    const problem = searchProblem(text);
    app.dispatch({ type: 'feedback', feedback: problem === null ? null : { text: problem, tone: 'error' } });
  }
}

function previewFilter(app: App, text: string): void {
  const parsed = parseFilter(text);
  if (!parsed.ok) {
    app.stopJob();
    app.dispatch({ type: 'feedback', feedback: { text: parsed.error.message, tone: 'error' } });
    return;
  }
  void app.startJob(async (signal) => {
    const show = (feedback: StatusNotice) => {
      if (!signal.aborted) app.dispatch({ type: 'feedback', feedback });
    };
    try {
      const onProgress = (selected: number, lookedAt: number) =>
        show({ text: `${countText(selected)} of the first ${countText(lookedAt)}`, tone: 'faint' });
      const rows = await app.document.store.filter(text, { signal, onProgress });
      show({ text: `${plural(rows.length, 'line')} of ${countText(app.document.store.size)}`, tone: 'commit' });
    } catch (error) {
      if (error instanceof FilterError) show({ text: error.message, tone: 'error' });
      else if (!(error instanceof CancelledError)) throw error;
    }
  });
}
