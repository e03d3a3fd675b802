import { assert, rejects, suite } from '@raftlens/testing';
import { RowFeed } from '../src/controllers/row-feed.ts';
import type { Lines } from '../src/model/lines.ts';
import { storyLog } from './support/cluster-log.ts';

const feeds = suite('the feed of the list');

const ALL = { filter: '', hiddenPeers: [], folding: false };

feeds('goes on after a step that failed, and after a filter that failed with the list that is shown', async () => {
  const store = storyLog().open();
  await store.done;
  let failing = true;
  const shown: Lines[] = [];
  const feed = new RowFeed(store, ALL, (lines) => {
    if (failing) throw new Error('the screen is gone');
    shown.push(lines);
  });
  await rejects(feed.pump(), 'the screen is gone');
  failing = false;
  await feed.restart(ALL);
  assert.is(shown.at(-1)?.count, store.size);
  await rejects(feed.restart({ ...ALL, filter: 'term=' }));
  await feed.pump();
  await feed.restart(ALL);
  assert.is(shown.at(-1)?.count, store.size);
  store.close();
});
