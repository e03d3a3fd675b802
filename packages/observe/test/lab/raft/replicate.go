package raft

import "sort"

type AppendEntriesArgs struct {
	Term         int
	LeaderId     int
	PrevLogIndex int
	PrevLogTerm  int
	Entries      []Entry
	LeaderCommit int
}

type AppendEntriesReply struct {
	Term    int
	Success bool
	// Where the leader should try next.
	XIndex int
}

type InstallSnapshotArgs struct {
	Term              int
	LeaderId          int
	LastIncludedIndex int
	LastIncludedTerm  int
	Data              []byte
}

type InstallSnapshotReply struct {
	Term int
}

func (rf *Raft) send(peer int) {
	if rf.nextIndex[peer] <= rf.lastIncludedIndex {
		go rf.sendSnapshot(peer, InstallSnapshotArgs{
			rf.currentTerm, rf.me, rf.lastIncludedIndex, rf.lastIncludedTerm, rf.persister.ReadSnapshot(),
		})
		return
	}
	prev := rf.nextIndex[peer] - 1
	entries := append([]Entry{}, rf.log[prev+1-rf.lastIncludedIndex:]...)
	go rf.sendEntries(peer, AppendEntriesArgs{rf.currentTerm, rf.me, prev, rf.termAt(prev), entries, rf.commitIndex})
}

func (rf *Raft) sendEntries(peer int, args AppendEntriesArgs) {
	reply := AppendEntriesReply{}
	if !rf.peers[peer].Call("Raft.AppendEntries", &args, &reply) {
		return
	}
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if reply.Term > rf.currentTerm {
		rf.follow(reply.Term)
		rf.persist()
		return
	}
	if !rf.leads || args.Term != rf.currentTerm {
		return
	}
	if !reply.Success {
		rf.nextIndex[peer] = min(rf.nextIndex[peer], max(1, reply.XIndex))
		return
	}
	match := args.PrevLogIndex + len(args.Entries)
	if bug == "match-from-log-length" {
		match = rf.lastIndex()
	}
	rf.matchIndex[peer] = max(rf.matchIndex[peer], match)
	rf.nextIndex[peer] = rf.matchIndex[peer] + 1
	rf.advance()
}

// advance commits what a majority holds, where it is of this term (5.4.2).
func (rf *Raft) advance() {
	rf.matchIndex[rf.me] = rf.lastIndex()
	sorted := append([]int{}, rf.matchIndex...)
	sort.Ints(sorted)
	held := sorted[(len(sorted)-1)/2]
	if held > rf.commitIndex && (rf.termAt(held) == rf.currentTerm || bug == "older-terms-by-counting") {
		rf.commitIndex = held
		rf.applyCond.Broadcast()
	}
}

func (rf *Raft) AppendEntries(args *AppendEntriesArgs, reply *AppendEntriesReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	reply.Term = rf.currentTerm
	if args.Term < rf.currentTerm {
		return
	}
	if args.Term > rf.currentTerm {
		rf.follow(args.Term)
		rf.persist()
	}
	rf.leads, rf.votes = false, 0
	reply.Term = rf.currentTerm
	if bug != "timer-not-reset" {
		rf.resetTimer()
	}
	entries, prev := args.Entries, args.PrevLogIndex
	if covered := rf.lastIncludedIndex - prev; covered > 0 {
		// What the snapshot holds is known to be right.
		entries, prev = entries[min(covered, len(entries)):], rf.lastIncludedIndex
	} else if prev > rf.lastIndex() {
		reply.XIndex = rf.lastIndex() + 1
		return
	} else if rf.termAt(prev) != args.PrevLogTerm {
		reply.XIndex = prev
		for reply.XIndex > rf.lastIncludedIndex+1 && rf.termAt(reply.XIndex-1) == rf.termAt(prev) {
			reply.XIndex--
		}
		return
	}
	rf.take(entries, prev)
	if bug != "log-not-saved" {
		rf.persist()
	}
	reply.Success = true
	if commit := min(args.LeaderCommit, args.PrevLogIndex+len(args.Entries)); commit > rf.commitIndex {
		rf.commitIndex = commit
		rf.applyCond.Broadcast()
	}
}

// take adds entries behind prev: what conflicts goes, what is there stays (receiver rules 3 and 4).
func (rf *Raft) take(entries []Entry, prev int) {
	if bug == "truncates-without-conflict" {
		rf.log = append(rf.log[:prev+1-rf.lastIncludedIndex], entries...)
		return
	}
	for i, entry := range entries {
		index := prev + 1 + i
		if index > rf.lastIndex() || rf.termAt(index) != entry.Term {
			rf.log = append(append([]Entry{}, rf.log[:index-rf.lastIncludedIndex]...), entries[i:]...)
			return
		}
	}
}

func (rf *Raft) sendSnapshot(peer int, args InstallSnapshotArgs) {
	reply := InstallSnapshotReply{}
	if !rf.peers[peer].Call("Raft.InstallSnapshot", &args, &reply) {
		return
	}
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if reply.Term > rf.currentTerm {
		rf.follow(reply.Term)
		rf.persist()
	} else if rf.leads && args.Term == rf.currentTerm {
		rf.matchIndex[peer] = max(rf.matchIndex[peer], args.LastIncludedIndex)
		rf.nextIndex[peer] = rf.matchIndex[peer] + 1
	}
}

func (rf *Raft) InstallSnapshot(args *InstallSnapshotArgs, reply *InstallSnapshotReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	reply.Term = rf.currentTerm
	if args.Term < rf.currentTerm {
		return
	}
	rf.follow(args.Term)
	reply.Term = rf.currentTerm
	rf.resetTimer()
	if args.LastIncludedIndex <= rf.commitIndex {
		rf.persist()
		return
	}
	rf.trim(args.LastIncludedIndex, args.LastIncludedTerm)
	rf.commitIndex = args.LastIncludedIndex
	rf.persister.Save(rf.encoded(), args.Data)
	rf.applyCond.Broadcast()
}

// trim forgets the entries up to index; those behind stay where they are of the same history.
func (rf *Raft) trim(index, term int) {
	kept := []Entry{}
	if index <= rf.lastIndex() && index > rf.lastIncludedIndex && rf.termAt(index) == term {
		kept = rf.log[index-rf.lastIncludedIndex+1:]
	}
	rf.log = append([]Entry{{Term: term}}, kept...)
	rf.lastIncludedIndex, rf.lastIncludedTerm = index, term
}

func (rf *Raft) Snapshot(index int, snapshot []byte) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if index <= rf.lastIncludedIndex || index > rf.lastApplied {
		return
	}
	rf.trim(index, rf.termAt(index))
	rf.persister.Save(rf.encoded(), snapshot)
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}
