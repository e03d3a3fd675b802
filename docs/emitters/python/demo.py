"""S1 is elected with the vote of S2 and sends a heartbeat; S2 is killed and starts again."""

import sys

from raftlog import RaftLog, harness, state

harness(sys.stdout, "TestBegin", name="demo", seed="7")
one, two = RaftLog(sys.stdout, "S1"), RaftLog(sys.stdout, "S2")
for log in (one, two):
    log.step(state(), "Boot", snapshotIndex=0, snapshotTerm=0, voters="S1,S2")

candidate, voter = state(1, "candidate", "S1"), state(1, "follower", "S1")
durable = dict(what="vote", durableTerm=1, durableVote="S1", durableLast=0, durableLastTerm=0)
one.step(state(), "Timeout", timer="election")
one.step(candidate, "BecomeCandidate")
one.step(candidate, "Persist", **durable)
one.send(candidate, "RequestVote", "S2", 1, 1, lastLogIndex=0, lastLogTerm=0)
two.recv(state(), "RequestVote", "S1", 1, 1, lastLogIndex=0, lastLogTerm=0)
two.step(state(1), "BecomeFollower", why="a higher term")
two.step(voter, "Vote", **{"for": "S1"})
two.step(voter, "Persist", **durable)
two.send(voter, "RequestVoteReply", "S1", 2, 1, re=1, granted=True)
one.recv(candidate, "RequestVoteReply", "S2", 2, 1, re=1, granted=True)

leader = state(1, "leader", "S1")
one.step(leader, "BecomeLeader")
one.send(leader, "AppendEntries", "S2", 3, 1, prev=0, prevTerm=0, n=0, leaderCommit=0)
two.recv(voter, "AppendEntries", "S1", 3, 1, prev=0, prevTerm=0, n=0, leaderCommit=0)
two.send(voter, "AppendEntriesReply", "S1", 4, 1, re=3, success=True, match=0)
one.recv(leader, "AppendEntriesReply", "S2", 4, 1, re=3, success=True, match=0)

harness(sys.stdout, "Crash", target="S2")
two.kill()
two.step(state(2, "candidate", "S2"), "BecomeCandidate")  # a thread of the killed server: not written
again = RaftLog(sys.stdout, "S2", boot=2)
again.step(voter, "Boot", snapshotIndex=0, snapshotTerm=0, voters="S1,S2")
two.step(voter, "Timeout", timer="election")  # nor is this
harness(sys.stdout, "Violation", rule="the test's own", section="test", target="S2", evidence="1", why="too slow")
harness(sys.stdout, "TestEnd", name="demo", outcome="fail", why="too slow")
