package raft

import (
	"math/rand"
	"time"
)

// applier hands committed entries up, in order and without the lock.
func (rf *Raft) applier() {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	for !rf.dead {
		if rf.lastApplied < rf.lastIncludedIndex {
			message := ApplyMsg{SnapshotValid: true, Snapshot: rf.persister.ReadSnapshot(),
				SnapshotTerm: rf.lastIncludedTerm, SnapshotIndex: rf.lastIncludedIndex}
			rf.lastApplied = rf.lastIncludedIndex
			rf.handUp(message)
		} else if rf.lastApplied < rf.commitIndex {
			rf.lastApplied++
			entry := rf.log[rf.lastApplied-rf.lastIncludedIndex]
			rf.handUp(ApplyMsg{CommandValid: true, Command: entry.Command, CommandIndex: rf.lastApplied})
		} else {
			rf.applyCond.Wait()
		}
	}
}

func (rf *Raft) handUp(message ApplyMsg) {
	switch bug {
	case "lock-held-over-apply":
		rf.applyCh <- message
	case "applies-out-of-order":
		go func() {
			time.Sleep(time.Duration(rand.Intn(4)) * time.Millisecond)
			rf.applyCh <- message
		}()
	default:
		rf.mu.Unlock()
		rf.applyCh <- message
		rf.mu.Lock()
	}
}
