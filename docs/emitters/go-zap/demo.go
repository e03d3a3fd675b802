package main

import (
	"os"

	"go.uber.org/zap"
)

// S1 is elected with the vote of S2 and sends a heartbeat; S2 is killed and starts again. Two servers, one process, one file.
func main() {
	core := NewRaftCore(os.Stdout)
	Harness(core, "TestBegin", zap.String("name", "demo"), zap.String("seed", "7"))
	one, two := NewRaftLog(core, "S1", 1), NewRaftLog(core, "S2", 1)
	f := State{Role: "follower"}
	for _, log := range []*RaftLog{one, two} {
		log.Step(f, "Boot", zap.Int("snapshotIndex", 0), zap.Int("snapshotTerm", 0), zap.String("voters", "S1,S2"))
	}
	c := State{Term: 1, Role: "candidate", Vote: "S1"}
	one.Step(f, "Timeout", zap.String("timer", "election"))
	one.Step(c, "BecomeCandidate")
	one.Step(c, "Persist", durable()...)
	last := []zap.Field{zap.Int("lastLogIndex", 0), zap.Int("lastLogTerm", 0)}
	one.Message(c, "send", "RequestVote", "S1", "S2", 1, 0, 1, last...)
	two.Message(f, "recv", "RequestVote", "S1", "S2", 1, 0, 1, last...)
	f.Term = 1
	two.Step(f, "BecomeFollower", zap.String("why", "a higher term"))
	f.Vote = "S1"
	two.Step(f, "Vote", zap.String("for", "S1"))
	two.Step(f, "Persist", durable()...)
	two.Message(f, "send", "RequestVoteReply", "S2", "S1", 2, 1, 1, zap.Bool("granted", true))
	one.Message(c, "recv", "RequestVoteReply", "S2", "S1", 2, 1, 1, zap.Bool("granted", true))

	l := State{Term: 1, Role: "leader", Vote: "S1"}
	one.Step(l, "BecomeLeader")
	beat := []zap.Field{zap.Int("prev", 0), zap.Int("prevTerm", 0), zap.Int("n", 0), zap.Int("leaderCommit", 0)}
	one.Message(l, "send", "AppendEntries", "S1", "S2", 3, 0, 1, beat...)
	two.Message(f, "recv", "AppendEntries", "S1", "S2", 3, 0, 1, beat...)

	Harness(core, "Crash", zap.String("target", "S2"))
	two.Kill()
	two.Step(State{Term: 2, Role: "candidate", Vote: "S2"}, "BecomeCandidate") // a goroutine of the killed server: not written
	again := NewRaftLog(core, "S2", 2)
	again.Step(f, "Boot", zap.Int("snapshotIndex", 0), zap.Int("snapshotTerm", 0), zap.String("voters", "S1,S2"))
	two.Step(f, "Timeout", zap.String("timer", "election")) // nor is this
	slow := zap.String("why", "too slow")
	Harness(core, "Violation", zap.String("rule", "the test's own"), zap.String("section", "test"), zap.String("target", "S2"), zap.String("evidence", "1"), slow)
	Harness(core, "TestEnd", zap.String("name", "demo"), zap.String("outcome", "fail"), slow)
}

func durable() []zap.Field {
	return []zap.Field{zap.String("what", "vote"), zap.Int("durableTerm", 1), zap.String("durableVote", "S1"), zap.Int("durableLast", 0), zap.Int("durableLastTerm", 0)}
}
