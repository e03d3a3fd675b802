import type { LogStore, StoreChange } from '@raftlens/log-store';
import type { CheckJob } from '../check/check-job.ts';
import { type Findings, type LogDocument, NO_FINDINGS, type TestFailure } from '../model/document.ts';
import { FoldedRows } from '../model/folded-rows.ts';
import { Lines } from '../model/lines.ts';
import { PeerFinder } from '../model/peers.ts';
import type { ScreenState } from '../model/state.ts';
import { Survey } from '../model/survey.ts';
import { type Frame, frameOf, panelLines } from '../render/frame.ts';
import { cellText } from '../text/line.ts';
import { App, type AppHost } from './app.ts';
import { goToFinding } from './bindings-jump.ts';
import { helpGroups, hintsOf } from './keys.ts';
import { paletteLines } from './palette.ts';
import { RowFeed } from './row-feed.ts';

export interface InspectorOptions {
  readonly store: LogStore;
  readonly name: string;
  readonly state: ScreenState;
  readonly host: AppHost;
  readonly makeCheck: () => Promise<CheckJob>;
  /** Whether to open at the first violation: not when a session goes on where it was left. */
  readonly opensAtViolation: boolean;
}

/** Keeps the document true to the log while it is indexed, checked, and grows; and draws the frame. */
export class Inspector {
  readonly app: App;
  readonly #options: InspectorOptions;
  readonly #feed: RowFeed;
  #survey: Survey;
  #finder: PeerFinder;
  #check: CheckJob | null = null;
  /** Counts the checks that were begun: one that was overtaken while it was made is not started. */
  #checks = 0;
  #document: LogDocument;
  #unsubscribe: () => void = () => {};
  #onFirstLines: () => void = () => {};
  #opensAtViolation: boolean;
  #stopped = false;
  /** The rows that were there when the log was opened, once that is known. */
  #sizeAtOpening = Number.POSITIVE_INFINITY;

  constructor(options: InspectorOptions) {
    const { store } = options;
    this.#options = options;
    this.#opensAtViolation = options.opensAtViolation;
    this.#survey = this.#newSurvey();
    this.#finder = new PeerFinder(store);
    this.#document = {
      name: options.name,
      store,
      survey: this.#survey,
      peers: [],
      findings: NO_FINDINGS,
      testFailure: null,
      evidence: new Set(),
    };
    this.app = new App(options.state, () => this.#document, options.host);
    const { filter, hiddenPeers, folding } = options.state;
    this.#feed = new RowFeed(store, { filter, hiddenPeers, folding }, (lines, added) => {
      this.#learn();
      // What is read at the opening is new to nobody.
      this.app.dispatch({ type: 'lines', lines, added: this.#feed.fed > this.#sizeAtOpening ? added : 0 });
      this.#openAtViolation();
      this.#onFirstLines();
    });
    this.app.attachFeed(this.#feed);
  }

  /** Begins to read. Resolves once the first lines are there, or when there are none yet. */
  start(): Promise<void> {
    this.#unsubscribe = this.#options.store.subscribe((change) => this.#changed(change));
    return new Promise((resolve, reject) => {
      this.#onFirstLines = resolve;
      this.#feed.pump().then(resolve, reject);
    });
  }

  /** Begins to check, and to wait for the end of the log: what the first screen does not need. */
  startBehind(): void {
    const { store } = this.#options;
    store.done.then(
      () => this.#readToTheEnd(),
      (error: unknown) => this.app.say(error instanceof Error ? error.message : String(error), 'error'),
    );
    if (store.files.length === 1) void this.#startCheck();
  }

  /** Resolves when the log is not read any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#feed.stop();
    this.app.stopJob();
    await this.#check?.stop();
  }

  frame(): Frame {
    const { app } = this;
    // Whether each key can do something now takes a search through the log: only the open help says it.
    const help = app.state.panel === 'help' ? helpGroups(app) : [];
    const panel = panelLines(app.state, this.#document, help);
    app.dispatch({ type: 'panelLines', lines: panel.length });
    return frameOf(app.state, this.#document, { panel, hints: hintsOf(app), palette: paletteLines(app) });
  }

  #readToTheEnd(): void {
    const { store } = this.#options;
    this.#sizeAtOpening = store.size;
    // Several files have their order only once all are read: what is checked before would be nonsense.
    if (store.files.length > 1) void this.#startCheck();
  }

  async #startCheck(): Promise<void> {
    this.#checks += 1;
    const number = this.#checks;
    void this.#check?.stop();
    this.#check = null;
    this.#found(NO_FINDINGS);
    const check = await this.#options.makeCheck();
    if (this.#stopped || number !== this.#checks) return;
    this.#check = check;
    check.start((findings) => {
      // What a check still says after another one took its place is of rows that may not be there.
      if (this.#check === check) this.#found(findings);
    });
  }

  #changed(change: StoreChange): void {
    if (change === 'reset') this.#startAnew();
    else {
      void this.#feed.pump();
      this.#check?.grown();
    }
    this.#options.host.changed();
  }

  /** All rows may have moved: what was learnt from them is learnt again. */
  #startAnew(): void {
    this.#survey = this.#newSurvey();
    this.#finder = new PeerFinder(this.#options.store);
    // No line of the old list may be drawn any more: its rows may not be there.
    this.app.dispatch({ type: 'lines', lines: new Lines(new FoldedRows(null)), added: 0 });
    const { files, progress } = this.#options.store;
    if (files.length === 1 || progress.done) void this.#startCheck();
    void this.app.refeed();
  }

  #learn(): void {
    const { store } = this.#options;
    this.#survey.extend(store.size);
    const testFailure = testFailureIn(store, this.#survey.testEnd);
    this.#document = { ...this.#document, survey: this.#survey, peers: this.#finder.peers(store.size), testFailure };
  }

  #found(findings: Findings): void {
    const evidence = new Set(findings.found.flatMap((finding) => finding.evidenceRows));
    this.#document = { ...this.#document, findings, evidence };
    this.#openAtViolation();
    this.#options.host.changed();
  }

  /**
   * The root cause is often far before the end. The screen opens there, unless the user has already gone elsewhere. Where
   * no rule was broken, the test's own complaint is.
   */
  #openAtViolation(): void {
    if (!this.#opensAtViolation || this.app.touched) return;
    const { findings, testFailure } = this.#document;
    const [first] = findings.found;
    const row = first?.row ?? (findings.report === null ? -1 : (testFailure?.row ?? -1));
    if (row < 0 || !this.app.state.lines.shows(row)) return;
    this.#opensAtViolation = false;
    if (first !== undefined) void goToFinding(this.app, 0);
    else {
      this.app.dispatch({ type: 'goToRow', row });
      this.app.say(`no rule was broken, but the test failed: ${testFailure?.why ?? ''}`, 'warning');
    }
  }

  #newSurvey(): Survey {
    const { store } = this.#options;
    return new Survey(store.columns, (row) => store.columns.names.find(store.event(row)?.target ?? ''));
  }
}

function testFailureIn(store: LogStore, row: number): TestFailure | null {
  const event = row < 0 ? null : store.event(row);
  return event?.outcome === 'fail' ? { row, why: cellText(event.why ?? 'it does not say why') } : null;
}
