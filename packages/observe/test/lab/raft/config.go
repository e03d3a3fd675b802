package raft

import (
	"bytes"
	"fmt"
	"log"
	"strconv"
	"sync"
	"testing"
	"time"

	"raftlens.test/lab/labgob"
	"raftlens.test/lab/labrpc"
)

// The tester: a cluster on a network that it can cut, servers that it can kill, and what came out of their applyCh.

const snapshotEvery = 10

type config struct {
	mu        sync.Mutex
	t         *testing.T
	net       *labrpc.Network
	n         int
	rafts     []*Raft
	saved     []*Persister
	connected []bool
	endnames  [][]string
	logs      []map[int]interface{}
	snapshots bool
	made      int
}

func make_config(t *testing.T, n int, unreliable bool, snapshots bool) *config {
	cfg := &config{t: t, n: n, net: labrpc.MakeNetwork(), snapshots: snapshots}
	cfg.rafts, cfg.saved = make([]*Raft, n), make([]*Persister, n)
	cfg.connected, cfg.endnames = make([]bool, n), make([][]string, n)
	cfg.logs = make([]map[int]interface{}, n)
	cfg.net.Reliable(!unreliable)
	for i := 0; i < n; i++ {
		cfg.start1(i)
	}
	for i := 0; i < n; i++ {
		cfg.connect(i)
	}
	return cfg
}

func (cfg *config) start1(i int) {
	cfg.crash1(i)
	cfg.endnames[i] = make([]string, cfg.n)
	ends := make([]*labrpc.ClientEnd, cfg.n)
	for j := range ends {
		cfg.made++
		cfg.endnames[i][j] = strconv.Itoa(cfg.made)
		ends[j] = cfg.net.MakeEnd(cfg.endnames[i][j])
		cfg.net.Connect(cfg.endnames[i][j], j)
	}
	cfg.mu.Lock()
	if cfg.saved[i] == nil {
		cfg.saved[i] = MakePersister()
	}
	cfg.logs[i] = map[int]interface{}{}
	cfg.ingest(i, cfg.saved[i].ReadSnapshot())
	cfg.mu.Unlock()
	applyCh := make(chan ApplyMsg)
	rf := Make(ends, i, cfg.saved[i], applyCh)
	cfg.mu.Lock()
	cfg.rafts[i] = rf
	cfg.mu.Unlock()
	go cfg.applier(i, rf, applyCh)
	server := labrpc.MakeServer()
	server.AddService(labrpc.MakeService(rf))
	cfg.net.AddServer(i, server)
}

// crash1 kills a server; what it goes on to save is lost.
func (cfg *config) crash1(i int) {
	cfg.disconnect(i)
	cfg.net.DeleteServer(i)
	cfg.mu.Lock()
	if cfg.saved[i] != nil {
		cfg.saved[i] = cfg.saved[i].Copy()
	}
	rf := cfg.rafts[i]
	cfg.rafts[i] = nil
	cfg.mu.Unlock()
	if rf != nil {
		rf.Kill()
	}
}

func (cfg *config) cleanup() {
	for i := 0; i < cfg.n; i++ {
		if rf := cfg.raft(i); rf != nil {
			rf.Kill()
		}
	}
	cfg.net.Cleanup()
}

func (cfg *config) raft(i int) *Raft {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	return cfg.rafts[i]
}

func (cfg *config) connect(i int) { cfg.link(i, true) }

func (cfg *config) disconnect(i int) { cfg.link(i, false) }

func (cfg *config) link(i int, up bool) {
	cfg.connected[i] = up
	for j := 0; j < cfg.n; j++ {
		if cfg.endnames[i] != nil && (!up || cfg.connected[j]) {
			cfg.net.Enable(cfg.endnames[i][j], up)
		}
		if cfg.endnames[j] != nil && (!up || cfg.connected[j]) {
			cfg.net.Enable(cfg.endnames[j][i], up)
		}
	}
}

func (cfg *config) applier(i int, rf *Raft, applyCh chan ApplyMsg) {
	for m := range applyCh {
		cfg.mu.Lock()
		if m.SnapshotValid {
			cfg.ingest(i, m.Snapshot)
		} else if m.CommandValid {
			cfg.logs[i][m.CommandIndex] = m.Command
		}
		snapshot := cfg.snapshot(i, m)
		cfg.mu.Unlock()
		if snapshot != nil {
			rf.Snapshot(m.CommandIndex, snapshot)
		}
	}
}

func (cfg *config) snapshot(i int, m ApplyMsg) []byte {
	if !cfg.snapshots || !m.CommandValid || m.CommandIndex%snapshotEvery != 0 {
		return nil
	}
	var out bytes.Buffer
	e := labgob.NewEncoder(&out)
	e.Encode(m.CommandIndex)
	list := []interface{}{}
	for index := 1; index <= m.CommandIndex; index++ {
		list = append(list, cfg.logs[i][index])
	}
	e.Encode(list)
	return out.Bytes()
}

func (cfg *config) ingest(i int, snapshot []byte) {
	if len(snapshot) == 0 {
		return
	}
	d := labgob.NewDecoder(bytes.NewReader(snapshot))
	last, list := 0, []interface{}{}
	if d.Decode(&last) != nil || d.Decode(&list) != nil {
		log.Fatalf("server %d: a snapshot that cannot be read", i)
	}
	cfg.logs[i] = map[int]interface{}{}
	for at, command := range list {
		cfg.logs[i][at+1] = command
	}
}

// leader waits for one among the connected servers; -1 after two seconds.
func (cfg *config) leader() int {
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		best, newest := -1, 0
		for i := 0; i < cfg.n; i++ {
			if rf := cfg.raft(i); rf != nil && cfg.connected[i] {
				if term, leads := rf.GetState(); leads && term > newest {
					best, newest = i, term
				}
			}
		}
		if best >= 0 {
			return best
		}
	}
	return -1
}

// try gives a command to the leader and waits a while for it to be applied by that many.
func (cfg *config) try(command interface{}, servers int, patience time.Duration) bool {
	leader := cfg.leader()
	if leader < 0 {
		return false
	}
	rf := cfg.raft(leader)
	index, _, leads := rf.Start(command)
	if !leads {
		return false
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if cfg.applied(index, command) >= servers {
			return true
		}
	}
	return false
}

func (cfg *config) applied(index int, command interface{}) int {
	cfg.mu.Lock()
	defer cfg.mu.Unlock()
	count := 0
	for i := 0; i < cfg.n; i++ {
		if cfg.logs[i][index] == command {
			count++
		}
	}
	return count
}

// one is try until it works.
func (cfg *config) one(command interface{}, servers int) {
	for deadline := time.Now().Add(6 * time.Second); time.Now().Before(deadline); {
		if cfg.try(command, servers, time.Second) {
			return
		}
	}
	cfg.t.Fatal(fmt.Sprintf("%v was not agreed on", command))
}
