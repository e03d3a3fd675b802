//! S1 is elected with the vote of S2 and sends a heartbeat; S2 is killed and starts again.
mod raftlog;
use raftlog::{harness, Message, RaftLog, State};
use std::io::{stdout, Result};

fn main() -> Result<()> {
    harness(&mut stdout(), "TestBegin", &[("name", "\"demo\""), ("seed", "\"7\"")])?;
    let (one, two) = (RaftLog::new("S1", 1, stdout()), RaftLog::new("S2", 1, stdout()));
    let blank = State { role: "follower", ..State::default() };
    let boot = [("snapshotIndex", "0"), ("snapshotTerm", "0"), ("voters", "\"S1,S2\"")];
    one.event(blank, "Boot", None, &boot)?;
    two.event(blank, "Boot", None, &boot)?;
    let candidate = State { term: 1, role: "candidate", vote: Some("S1"), ..blank };
    let voter = State { term: 1, vote: Some("S1"), ..blank };
    let leader = State { role: "leader", ..candidate };
    let durable = [("what", "\"vote\""), ("durableTerm", "1"), ("durableVote", "\"S1\""), ("durableLast", "0"), ("durableLastTerm", "0")];
    let there = |dir, id| Some(Message { dir, src: "S1", dst: "S2", id, re: None, term: 1 });
    let back = |dir, id, re| Some(Message { dir, src: "S2", dst: "S1", id, re: Some(re), term: 1 });
    let last = [("lastLogIndex", "0"), ("lastLogTerm", "0")];
    one.event(blank, "Timeout", None, &[("timer", "\"election\"")])?;
    one.event(candidate, "BecomeCandidate", None, &[])?;
    one.event(candidate, "Persist", None, &durable)?;
    one.event(candidate, "RequestVote", there("send", 1), &last)?;
    two.event(blank, "RequestVote", there("recv", 1), &last)?;
    two.event(State { term: 1, ..blank }, "BecomeFollower", None, &[])?;
    two.event(voter, "Vote", None, &[("for", "\"S1\"")])?;
    two.event(voter, "Persist", None, &durable)?;
    two.event(voter, "RequestVoteReply", back("send", 2, 1), &[("granted", "true")])?;
    one.event(candidate, "RequestVoteReply", back("recv", 2, 1), &[("granted", "true")])?;
    one.event(leader, "BecomeLeader", None, &[])?;
    let heartbeat = [("prev", "0"), ("prevTerm", "0"), ("n", "0"), ("leaderCommit", "0")];
    one.event(leader, "AppendEntries", there("send", 3), &heartbeat)?;
    two.event(voter, "AppendEntries", there("recv", 3), &heartbeat)?;

    harness(&mut stdout(), "Crash", &[("target", "\"S2\"")])?;
    two.kill();
    two.event(State { term: 2, vote: Some("S2"), ..candidate }, "BecomeCandidate", None, &[])?; // a thread of the killed server: not written
    let again = RaftLog::new("S2", 2, stdout());
    again.event(voter, "Boot", None, &boot)?;
    two.event(voter, "Timeout", None, &[("timer", "\"election\"")])?; // nor is this
    let slow = ("why", "\"too slow\"");
    harness(&mut stdout(), "Violation", &[("rule", "\"the test's own\""), ("section", "\"test\""), ("target", "\"S2\""), ("evidence", "\"1\""), slow])?;
    harness(&mut stdout(), "TestEnd", &[("name", "\"demo\""), ("outcome", "\"fail\""), slow])
}
