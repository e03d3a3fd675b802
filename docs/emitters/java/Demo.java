import java.util.LinkedHashMap;
import java.util.Map;

/** S1 is elected with the vote of S2 and sends a heartbeat; S2 is killed and starts again. */
public final class Demo {
    public static void main(String[] args) {
        RaftLog.harness(System.out, "TestBegin", own("name", "demo", "seed", "7"));
        RaftLog one = new RaftLog(System.out, "S1", 1);
        RaftLog two = new RaftLog(System.out, "S2", 1);
        RaftLog.State blank = new RaftLog.State(0, "follower", null, 0, 0, 0, 0);
        RaftLog.State candidate = new RaftLog.State(1, "candidate", "S1", 0, 0, 0, 0);
        RaftLog.State voter = new RaftLog.State(1, "follower", "S1", 0, 0, 0, 0);
        RaftLog.State leader = new RaftLog.State(1, "leader", "S1", 0, 0, 0, 0);
        Map<String, Object> boot = own("snapshotIndex", 0, "snapshotTerm", 0, "voters", "S1,S2");
        one.event(blank, "Boot", null, boot);
        two.event(blank, "Boot", null, boot);
        Map<String, Object> durable = own("what", "vote", "durableTerm", 1, "durableVote", "S1", "durableLast", 0, "durableLastTerm", 0);
        Map<String, Object> last = own("lastLogIndex", 0, "lastLogTerm", 0);
        one.event(blank, "Timeout", null, own("timer", "election"));
        one.event(candidate, "BecomeCandidate", null, own());
        one.event(candidate, "Persist", null, durable);
        one.event(candidate, "RequestVote", new RaftLog.Message("send", "S1", "S2", 1, 0, 1), last);
        two.event(blank, "RequestVote", new RaftLog.Message("recv", "S1", "S2", 1, 0, 1), last);
        two.event(new RaftLog.State(1, "follower", null, 0, 0, 0, 0), "BecomeFollower", null, own());
        two.event(voter, "Vote", null, own("for", "S1"));
        two.event(voter, "Persist", null, durable);
        two.event(voter, "RequestVoteReply", new RaftLog.Message("send", "S2", "S1", 2, 1, 1), own("granted", true));
        one.event(candidate, "RequestVoteReply", new RaftLog.Message("recv", "S2", "S1", 2, 1, 1), own("granted", true));
        one.event(leader, "BecomeLeader", null, own());
        Map<String, Object> heartbeat = own("prev", 0, "prevTerm", 0, "n", 0, "leaderCommit", 0);
        one.event(leader, "AppendEntries", new RaftLog.Message("send", "S1", "S2", 3, 0, 1), heartbeat);
        two.event(voter, "AppendEntries", new RaftLog.Message("recv", "S1", "S2", 3, 0, 1), heartbeat);

        RaftLog.harness(System.out, "Crash", own("target", "S2"));
        two.kill();
        two.event(new RaftLog.State(2, "candidate", "S2", 0, 0, 0, 0), "BecomeCandidate", null, own()); // a thread of the killed server: not written
        RaftLog again = new RaftLog(System.out, "S2", 2);
        again.event(voter, "Boot", null, boot);
        two.event(voter, "Timeout", null, own("timer", "election")); // nor is this
        RaftLog.harness(System.out, "Violation", own("rule", "the test's own", "section", "test", "target", "S2", "evidence", "1", "why", "too slow"));
        RaftLog.harness(System.out, "TestEnd", own("name", "demo", "outcome", "fail", "why", "too slow"));
    }

    private static Map<String, Object> own(Object... pairs) {
        Map<String, Object> own = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) own.put((String) pairs[i], pairs[i + 1]);
        return own;
    }
}
