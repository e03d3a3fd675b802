package raft

import (
	"bytes"
	"math/rand"
	"os"
	"sync"
	"time"

	"raftlens.test/lab/labgob"
	"raftlens.test/lab/labrpc"
)

// A Raft as a student writes it, against the labs' API. RAFT_BUG plants one of ten bugs.

var bug = os.Getenv("RAFT_BUG")

const (
	heartbeat   = 30 * time.Millisecond
	shortestTry = 150
	spreadTry   = 150
)

type ApplyMsg struct {
	CommandValid  bool
	Command       interface{}
	CommandIndex  int
	SnapshotValid bool
	Snapshot      []byte
	SnapshotTerm  int
	SnapshotIndex int
}

type Entry struct {
	Term    int
	Command interface{}
}

type Raft struct {
	mu        sync.Mutex
	peers     []*labrpc.ClientEnd
	persister *Persister
	me        int
	dead      bool
	applyCh   chan ApplyMsg
	applyCond *sync.Cond

	currentTerm       int
	votedFor          int
	log               []Entry // log[0] stands for what the snapshot replaced
	lastIncludedIndex int
	lastIncludedTerm  int

	leads       bool
	votes       int
	standsAt    time.Time
	commitIndex int
	lastApplied int
	nextIndex   []int
	matchIndex  []int
}

func (rf *Raft) lastIndex() int { return rf.lastIncludedIndex + len(rf.log) - 1 }

func (rf *Raft) termAt(index int) int { return rf.log[index-rf.lastIncludedIndex].Term }

func (rf *Raft) resetTimer() {
	rf.standsAt = time.Now().Add(time.Duration(shortestTry+rand.Intn(spreadTry)) * time.Millisecond)
}

func (rf *Raft) encoded() []byte {
	var out bytes.Buffer
	e := labgob.NewEncoder(&out)
	e.Encode(rf.currentTerm)
	e.Encode(rf.votedFor)
	e.Encode(rf.log)
	e.Encode(rf.lastIncludedIndex)
	e.Encode(rf.lastIncludedTerm)
	return out.Bytes()
}

func (rf *Raft) persist() { rf.persister.Save(rf.encoded(), rf.persister.ReadSnapshot()) }

func (rf *Raft) restore(state []byte) {
	if len(state) == 0 {
		return
	}
	d := labgob.NewDecoder(bytes.NewReader(state))
	d.Decode(&rf.currentTerm)
	d.Decode(&rf.votedFor)
	rf.log = nil
	d.Decode(&rf.log)
	d.Decode(&rf.lastIncludedIndex)
	d.Decode(&rf.lastIncludedTerm)
	rf.commitIndex, rf.lastApplied = rf.lastIncludedIndex, rf.lastIncludedIndex
}

// follow steps down to a term; its vote is free where the term is new. It is saved by whoever calls.
func (rf *Raft) follow(term int) {
	if term > rf.currentTerm {
		rf.currentTerm, rf.votedFor = term, -1
	}
	rf.leads, rf.votes = false, 0
}

type RequestVoteArgs struct {
	Term         int
	CandidateId  int
	LastLogIndex int
	LastLogTerm  int
}

type RequestVoteReply struct {
	Term        int
	VoteGranted bool
}

func (rf *Raft) RequestVote(args *RequestVoteArgs, reply *RequestVoteReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if args.Term > rf.currentTerm {
		rf.follow(args.Term)
		rf.persist()
	}
	reply.Term = rf.currentTerm
	last := rf.termAt(rf.lastIndex())
	upToDate := args.LastLogTerm > last || args.LastLogTerm == last && args.LastLogIndex >= rf.lastIndex()
	if bug == "log-check-missing" {
		upToDate = true
	}
	if args.Term < rf.currentTerm || !upToDate || rf.votedFor != -1 && rf.votedFor != args.CandidateId {
		return
	}
	rf.votedFor = args.CandidateId
	reply.VoteGranted = true
	rf.resetTimer()
	if bug != "vote-not-saved" {
		rf.persist()
	}
}

func (rf *Raft) stand() {
	rf.currentTerm++
	rf.votedFor, rf.votes, rf.leads = rf.me, 1, false
	rf.resetTimer()
	rf.persist()
	args := RequestVoteArgs{rf.currentTerm, rf.me, rf.lastIndex(), rf.termAt(rf.lastIndex())}
	for peer := range rf.peers {
		if peer != rf.me {
			go rf.askVote(peer, args)
		}
	}
}

func (rf *Raft) askVote(peer int, args RequestVoteArgs) {
	reply := RequestVoteReply{}
	if !rf.peers[peer].Call("Raft.RequestVote", &args, &reply) {
		return
	}
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if reply.Term > rf.currentTerm {
		rf.follow(reply.Term)
		rf.persist()
		return
	}
	stale := args.Term != rf.currentTerm && bug != "stale-votes-counted"
	if !reply.VoteGranted || stale || rf.votes == 0 || rf.leads {
		return
	}
	rf.votes++
	if rf.votes > len(rf.peers)/2 {
		rf.leads = true
		for i := range rf.peers {
			rf.nextIndex[i], rf.matchIndex[i] = rf.lastIndex()+1, 0
		}
		go rf.beat(rf.currentTerm)
	}
}

// beat sends to all peers as long as this server leads the term.
func (rf *Raft) beat(term int) {
	for {
		rf.mu.Lock()
		leads := rf.leads && rf.currentTerm == term && !rf.dead
		if leads {
			rf.sendAll()
		}
		rf.mu.Unlock()
		if !leads {
			return
		}
		time.Sleep(heartbeat)
	}
}

func (rf *Raft) sendAll() {
	for peer := range rf.peers {
		if peer != rf.me {
			rf.send(peer)
		}
	}
}

func (rf *Raft) ticker() {
	for {
		time.Sleep(5 * time.Millisecond)
		rf.mu.Lock()
		if rf.dead {
			rf.mu.Unlock()
			return
		}
		if !rf.leads && time.Now().After(rf.standsAt) {
			rf.stand()
		}
		rf.mu.Unlock()
	}
}

func (rf *Raft) Start(command interface{}) (int, int, bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if !rf.leads || rf.dead {
		return -1, rf.currentTerm, false
	}
	rf.log = append(rf.log, Entry{rf.currentTerm, command})
	if bug != "log-not-saved" {
		rf.persist()
	}
	rf.sendAll()
	return rf.lastIndex(), rf.currentTerm, true
}

func (rf *Raft) GetState() (int, bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	return rf.currentTerm, rf.leads
}

func (rf *Raft) Kill() {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.dead = true
	rf.applyCond.Broadcast()
}

func Make(peers []*labrpc.ClientEnd, me int, persister *Persister, applyCh chan ApplyMsg) *Raft {
	rf := &Raft{peers: peers, me: me, persister: persister, applyCh: applyCh, votedFor: -1, log: []Entry{{}}}
	rf.applyCond = sync.NewCond(&rf.mu)
	rf.nextIndex, rf.matchIndex = make([]int, len(peers)), make([]int, len(peers))
	rf.restore(persister.ReadRaftState())
	rf.resetTimer()
	go rf.ticker()
	go rf.applier()
	return rf
}
