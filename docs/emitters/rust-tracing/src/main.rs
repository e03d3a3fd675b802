//! S1 is elected with the vote of S2 and sends a heartbeat; S2 is killed and starts again.
mod raft_layer;
use raft_layer::RaftLayer;
use tracing::{error, info, warn};
use tracing_subscriber::{layer::SubscriberExt, registry};

/// An event of a server in the given state: node and boot, opcode, (term, role, vote), then the opcode's own fields.
macro_rules! raft {
    ($node:expr, $op:expr, $state:tt, $($own:tt)*) => { raft!(@ $node, 1, $op, $state, $($own)*) };
    (@ $node:expr, $boot:expr, $op:expr, ($term:expr, $role:expr, $vote:expr), $($own:tt)*) => {
        info!(target: "raft", node = $node, boot = $boot, op = $op, term = $term, role = $role, vote = $vote, commit = 0, applied = 0, last = 0, lastTerm = 0, $($own)*)
    };
}

fn main() {
    tracing::subscriber::set_global_default(registry().with(RaftLayer::new(std::io::stdout()))).unwrap();
    info!(target: "raft", node = "TEST", boot = 0, op = "TestBegin", name = "demo", seed = "7");
    let (blank, raised) = ((0, "follower", "none"), (1, "follower", "none"));
    let (candidate, voter, leader) = ((1, "candidate", "S1"), (1, "follower", "S1"), (1, "leader", "S1"));
    for node in ["S1", "S2"] { raft!(node, "Boot", (blank.0, blank.1, blank.2), snapshotIndex = 0, snapshotTerm = 0, voters = "S1,S2"); }
    raft!("S1", "Timeout", (blank.0, blank.1, blank.2), timer = "election");
    raft!("S1", "BecomeCandidate", (candidate.0, candidate.1, candidate.2),);
    raft!("S1", "Persist", (candidate.0, candidate.1, candidate.2), what = "vote", durableTerm = 1, durableVote = "S1", durableLast = 0, durableLastTerm = 0);
    raft!("S1", "RequestVote", (candidate.0, candidate.1, candidate.2), dir = "send", src = "S1", dst = "S2", id = 1, msgTerm = 1, lastLogIndex = 0, lastLogTerm = 0);
    raft!("S2", "RequestVote", (blank.0, blank.1, blank.2), dir = "recv", src = "S1", dst = "S2", id = 1, msgTerm = 1, lastLogIndex = 0, lastLogTerm = 0);
    raft!("S2", "BecomeFollower", (raised.0, raised.1, raised.2), why = "a higher term");
    raft!("S2", "Vote", (voter.0, voter.1, voter.2), r#for = "S1");
    raft!("S2", "Persist", (voter.0, voter.1, voter.2), what = "vote", durableTerm = 1, durableVote = "S1", durableLast = 0, durableLastTerm = 0);
    raft!("S2", "RequestVoteReply", (voter.0, voter.1, voter.2), dir = "send", src = "S2", dst = "S1", id = 2, re = 1, msgTerm = 1, granted = true);
    raft!("S1", "RequestVoteReply", (candidate.0, candidate.1, candidate.2), dir = "recv", src = "S2", dst = "S1", id = 2, re = 1, msgTerm = 1, granted = true);
    raft!("S1", "BecomeLeader", (leader.0, leader.1, leader.2),);
    raft!("S1", "AppendEntries", (leader.0, leader.1, leader.2), dir = "send", src = "S1", dst = "S2", id = 3, msgTerm = 1, prev = 0, prevTerm = 0, n = 0, leaderCommit = 0);
    raft!("S2", "AppendEntries", (voter.0, voter.1, voter.2), dir = "recv", src = "S1", dst = "S2", id = 3, msgTerm = 1, prev = 0, prevTerm = 0, n = 0, leaderCommit = 0);

    warn!(target: "raft", node = "TEST", boot = 0, op = "Crash", target = "S2");
    raft!("S2", "BecomeCandidate", (2, "candidate", "S2"),); // a thread of the killed server: not written
    raft!(@ "S2", 2, "Boot", (voter.0, voter.1, voter.2), snapshotIndex = 0, snapshotTerm = 0, voters = "S1,S2");
    raft!("S2", "Timeout", (voter.0, voter.1, voter.2), timer = "election"); // nor is this
    error!(target: "raft", node = "TEST", boot = 0, op = "Violation", rule = "the test's own", section = "test", target = "S2", evidence = "1", why = "too slow");
    info!(target: "raft", node = "TEST", boot = 0, op = "TestEnd", name = "demo", outcome = "fail", why = "too slow");
}
