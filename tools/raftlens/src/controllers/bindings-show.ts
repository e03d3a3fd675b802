import type { TimeFormat } from '../model/state.ts';
import { themeAfter } from '../text/theme.ts';
import type { App } from './app.ts';
import type { Binding } from './binding.ts';

const NEXT_TIME_FORMAT: Readonly<Record<TimeFormat, TimeFormat>> = { clock: 'start', start: 'delta', delta: 'clock' };

export function togglePeer(app: App, peer: string): void {
  const { hiddenPeers } = app.state;
  const hidden = hiddenPeers.includes(peer);
  if (!hidden && hiddenPeers.length + 1 >= app.document.peers.length) {
    app.say('the last peer stays');
    return;
  }
  app.dispatch({ type: 'hiddenPeers', peers: hidden ? hiddenPeers.filter((name) => name !== peer) : [...hiddenPeers, peer] });
  app.say(`${peer} is ${hidden ? 'shown' : 'hidden; 0 shows all'}`);
  void app.refeed();
}

/** One binding for the nine keys: each shows or hides the peer at that place. */
const peerBindings: readonly Binding[] = Array.from({ length: 9 }, (_, at) => ({
  id: `peer-${at + 1}`,
  keys: [String(at + 1)],
  group: 'Show',
  description: `show or hide the ${['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'][at] ?? ''} peer`,
  disabledBecause: (app) => (app.document.peers[at] === undefined ? 'there are fewer peers' : null),
  run: (app) => {
    const peer = app.document.peers[at];
    if (peer !== undefined) togglePeer(app, peer);
  },
}));

export const showBindings: readonly Binding[] = [
  ...peerBindings,
  {
    id: 'all-peers',
    keys: ['0'],
    group: 'Show',
    description: 'show all peers',
    disabledBecause: (app) => (app.state.hiddenPeers.length === 0 ? 'no peer is hidden' : null),
    run: (app) => {
      app.dispatch({ type: 'hiddenPeers', peers: [] });
      void app.refeed();
    },
  },
  {
    id: 'folding',
    keys: ['z'],
    group: 'Show',
    description: 'fold heartbeats and runs of like events, or show all',
    run: (app) => {
      app.dispatch({ type: 'folding', folding: !app.state.folding });
      app.say(app.state.folding ? 'heartbeats and runs of like events are folded' : 'nothing is folded');
      void app.refeed();
    },
  },
  {
    id: 'time-format',
    keys: ['t'],
    group: 'Show',
    description: 'time as it is, since the start, since the line above',
    run: (app) => app.dispatch({ type: 'timeFormat', timeFormat: NEXT_TIME_FORMAT[app.state.timeFormat] }),
  },
  {
    id: 'next-theme',
    keys: ['T'],
    group: 'Show',
    description: 'the next theme: dark, light, plain',
    run: (app) => {
      app.dispatch({ type: 'theme', theme: themeAfter(app.state.theme) });
      app.say(`theme: ${app.state.theme}`);
    },
  },
  {
    id: 'follow',
    keys: ['F'],
    group: 'Show',
    description: 'follow the end of a growing log',
    run: (app) => app.dispatch({ type: 'follow', follow: !app.state.follow }),
  },
];
