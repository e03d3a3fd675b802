import { assert, suite } from '@raftlens/testing';
import { lines, toldBy } from './told.ts';

const lab = suite("The labs' style");

const PHRASES: readonly (readonly [line: string, told: string | null])[] = [
  ['000100 APPL S1 applied 129 T1', 'S1 Apply T1 index=129'],
  ['000100 APPL S1 applying entry 7', 'S1 Apply index=7'],
  ['000100 LOG2 S1 Apply msg index: 7 T:2', 'S1 Apply T2 index=7'],
  // How many, up to where, and what was applied is not the index of one entry.
  ['000100 APPL S1 applied 3 entries', null],
  ['000100 APPL S1 applied up to 9', null],
  ['000100 APPL S1 applied command 77', null],
  ['000100 APPL S1 apply 3 -> 9', null],
  ['000100 SNAP S0 snapshot called up to 149 T1', 'S0 SnapshotTaken T1 index=149'],
  ['000100 SNAP S0 taking a snapshot at index 9', 'S0 SnapshotTaken index=9'],
  ['000100 SNAP S1 installed snapshot 149 T1', 'S1 SnapshotInstalled T1 index=149'],
  ['000100 SNAP S0 -> S1 Install Snapshot LII: 149 LIT: 1 T1', 'S0->S1 InstallSnapshot T1 last=149/1'],
  ['000100 SNAP S1 <- S0 Install Snapshot LII: 149 LIT: 1 T1', 'S1<-S0 InstallSnapshot T1 last=149/1'],
  ['000100 SNAP S1 trimmed log to 149 T1', null],
  // An arrow that carries a vote is one that was given, not one that is asked for.
  ['000100 VOTE S0 >-VOTE-> S1', 'S0 Vote for=S1'],
  ['000100 TERM S1(T3) start an election', 'S1 BecomeCandidate T3'],
  ['000100 TERM Server 3 becoming candidate T:4', 'S3 BecomeCandidate T4'],
  ['000100 TERM p2(F) converting to Candidate T5', 'S2 BecomeCandidate T5'],
  ['000100 VOTE [Server 2] Granting Vote to Server 1 at T4', 'S2 Vote T4 for=S1'],
];

for (const [line, told] of PHRASES) {
  lab(`reads "${line}"`, async () => {
    const log = await toldBy(['out.log', lines('000001 VOTE S9 becoming candidate T1', line)]);
    assert.equal(log.told.slice(1), told === null ? [] : [told]);
  });
}

// A step that grows with the square of the length takes minutes here: the time that any test has says so.
lab('reads long hostile lines as short ones', async () => {
  for (const piece of ['->', 'S1 -> ', 'commit ', 'becoming ', 'vote to ', 'T: ', '(T', 'apply ']) {
    const toldWith = async (count: number) => {
      const { told } = await toldBy(['x.log', lines('000001 VOTE S9 becoming candidate T1', `000100 VOTE S0 ${piece.repeat(count)}`)]);
      return told;
    };
    assert.equal(await toldWith(20_000), await toldWith(20), piece);
  }
});
