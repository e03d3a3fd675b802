import { defineScenario } from '@raftlens/simulator';

/** Three times as fast: a timeout is over before that of any other server. */
const FAST_PPM = 2_000_000;

/**
 * Students' Guide: servers with outdated logs stand again and again, and cannot win. The one that could must not restart its wait for each of
 * them. Random search finds it too, within minutes: the outdated ones must be the faster ones for ten seconds.
 */
export default defineScenario({
  name: 'l2-timer-reset-by-any-candidate',
  summary: 'of three servers that are left, two have short logs and short timeouts, and the third has every committed entry',
  servers: 5,
  run: async (cluster) => {
    await cluster.one('agreed', 5);
    const leader = await cluster.checkOneLeader();
    const [first = 0, second = 0, fellow = 0] = cluster.all.filter((server) => server !== leader);
    for (const outdated of [first, second]) cluster.disconnect(outdated);
    await cluster.one('without them', 3);
    for (const gone of [leader, fellow]) cluster.crash(gone);
    for (const outdated of [first, second]) {
      cluster.setClock(outdated, FAST_PPM);
      cluster.connect(outdated);
    }
    await cluster.one('agreed again', 3);
  },
});
