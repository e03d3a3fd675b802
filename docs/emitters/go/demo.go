package main

import "os"

// S1 is elected with the vote of S2, appends one entry, replicates and commits it; S2 is killed and starts again. Two servers, one
// process, one file.
func main() {
	Harness(os.Stdout, "TestBegin", Fields{"name", "demo", "seed", "7"})
	one := NewLog(os.Stdout, "S1", 1)
	two := NewLog(os.Stdout, "S2", 1)
	f := State{Role: "follower"}
	boot := Fields{"snapshotIndex", 0, "snapshotTerm", 0, "voters", "S1,S2"}
	one.Step(f, "Boot", boot)
	two.Step(f, "Boot", boot)

	c := State{Term: 1, Role: "candidate", Vote: "S1"}
	one.Step(f, "Timeout", Fields{"timer", "election"})
	one.Step(c, "BecomeCandidate", nil)
	one.Step(c, "Persist", durable("vote", 1, "S1", 0, 0))
	ask := Fields{"lastLogIndex", 0, "lastLogTerm", 0}
	one.Message(c, "send", "RequestVote", "S1", "S2", 1, 0, 1, ask)
	two.Message(f, "recv", "RequestVote", "S1", "S2", 1, 0, 1, ask)
	f.Term = 1
	two.Step(f, "BecomeFollower", Fields{"why", "a higher term"})
	f.Vote = "S1"
	two.Step(f, "Vote", Fields{"for", "S1"})
	two.Step(f, "Persist", durable("vote", 1, "S1", 0, 0))
	two.Message(f, "send", "RequestVoteReply", "S2", "S1", 2, 1, 1, Fields{"granted", true})
	one.Message(c, "recv", "RequestVoteReply", "S2", "S1", 2, 1, 1, Fields{"granted", true})

	l := State{Term: 1, Role: "leader", Vote: "S1"}
	one.Step(l, "BecomeLeader", nil)
	one.Step(l, "Start", Fields{"index", 1, "hash", "0a1b2c3d", "cmd", "put x 1"})
	l.Last, l.LastTerm = 1, 1
	entry := Fields{"index", 1, "n", 1, "entries", "1:0a1b2c3d"}
	one.Step(l, "Append", entry)
	one.Step(l, "Persist", durable("log", 1, "S1", 1, 1))
	app := Fields{"prev", 0, "prevTerm", 0, "n", 1, "leaderCommit", 0, "entries", "1:0a1b2c3d"}
	one.Message(l, "send", "AppendEntries", "S1", "S2", 3, 0, 1, app)
	two.Message(f, "recv", "AppendEntries", "S1", "S2", 3, 0, 1, app)
	f.Last, f.LastTerm = 1, 1
	two.Step(f, "Append", entry)
	two.Step(f, "Persist", durable("log", 1, "S1", 1, 1))
	two.Message(f, "send", "AppendEntriesReply", "S2", "S1", 4, 3, 1, Fields{"success", true, "match", 1})
	one.Message(l, "recv", "AppendEntriesReply", "S2", "S1", 4, 3, 1, Fields{"success", true, "match", 1})
	l.Commit = 1
	one.Step(l, "Commit", Fields{"index", 1, "from", 0})
	l.Applied = 1
	one.Step(l, "Apply", Fields{"index", 1, "entryTerm", 1, "hash", "0a1b2c3d"})

	Harness(os.Stdout, "Crash", Fields{"target", "S2"})
	two.Kill()
	two.Step(State{Term: 2, Role: "candidate", Vote: "S2"}, "BecomeCandidate", nil) // a goroutine of the killed server: not written
	again := NewLog(os.Stdout, "S2", 2)
	again.Step(f, "Boot", append(boot, "entries", "1:0a1b2c3d"))
	two.Step(f, "Timeout", Fields{"timer", "election"}) // nor is this
	Harness(os.Stdout, "Violation", Fields{"rule", "the test's own", "section", "test", "target", "S2", "evidence", "1", "why", "too slow"})
	Harness(os.Stdout, "TestEnd", Fields{"name", "demo", "outcome", "fail", "why", "too slow"})
}

func durable(what string, term int, vote string, last, lastTerm int) Fields {
	return Fields{"what", what, "durableTerm", term, "durableVote", vote, "durableLast", last, "durableLastTerm", lastTerm}
}
