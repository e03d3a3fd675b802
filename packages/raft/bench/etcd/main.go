// The peer of core.bench.ts: servers of etcd's raft in one process, in memory, messages handed over directly, on one goroutine.
// It prints one line of JSON with what it measured.
package main

import (
	"encoding/json"
	"flag"
	"io/ioutil"
	"log"
	"math"
	"os"
	"runtime"
	"syscall"
	"time"

	"go.etcd.io/etcd/raft"
	"go.etcd.io/etcd/raft/raftpb"
)

const (
	snapshotEvery   = 20000
	trailingEntries = 2000
)

type member struct {
	id       uint64
	node     *raft.RawNode
	disk     *raft.MemoryStorage
	applied  uint64
	start    uint64
	commands int
}

type cluster struct {
	members  []*member
	messages int
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func newCluster(servers int) *cluster {
	ids := make([]uint64, servers)
	for i := range ids {
		ids[i] = uint64(i + 1)
	}
	c := &cluster{}
	quiet := &raft.DefaultLogger{Logger: log.New(ioutil.Discard, "", 0)}
	for _, id := range ids {
		disk := raft.NewMemoryStorage()
		meta := raftpb.SnapshotMetadata{Index: 1, Term: 1, ConfState: raftpb.ConfState{Voters: ids}}
		check(disk.ApplySnapshot(raftpb.Snapshot{Metadata: meta}))
		node, err := raft.NewRawNode(&raft.Config{
			ID: id, ElectionTick: 10, HeartbeatTick: 1, Storage: disk, Applied: 1, Logger: quiet,
			MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 256, MaxCommittedSizePerReady: math.MaxUint64, CheckQuorum: true, PreVote: true,
		})
		check(err)
		c.members = append(c.members, &member{id: id, node: node, disk: disk, applied: 1, start: 1})
	}
	check(c.members[0].node.Campaign())
	c.pump()
	c.messages = 0
	return c
}

// pump lets every member work until none has anything left to do: persist, then send, then apply.
func (c *cluster) pump() {
	for working := true; working; {
		working = false
		for _, m := range c.members {
			if m.node.HasReady() {
				working = true
				c.work(m)
			}
		}
	}
}

func (c *cluster) work(m *member) {
	ready := m.node.Ready()
	check(m.disk.Append(ready.Entries))
	if !raft.IsEmptyHardState(ready.HardState) {
		check(m.disk.SetHardState(ready.HardState))
	}
	for _, message := range ready.Messages {
		c.messages++
		check(c.members[message.To-1].node.Step(message))
	}
	for i := range ready.CommittedEntries {
		entry := &ready.CommittedEntries[i]
		if entry.Index != m.applied+1 {
			log.Fatalf("member %d applied entry %d after entry %d", m.id, entry.Index, m.applied)
		}
		m.applied = entry.Index
		if len(entry.Data) > 0 {
			m.commands++
		}
	}
	m.node.Advance(ready)
	if m.applied-m.start > snapshotEvery {
		m.start = m.applied - trailingEntries
		check(m.disk.Compact(m.start))
	}
}

// propose hands over a window of commands: one by one, or as one message.
func (c *cluster) propose(data []byte, window int, batch bool) {
	leader := c.members[0].node
	if !batch {
		for i := 0; i < window; i++ {
			check(leader.Propose(data))
		}
		return
	}
	entries := make([]raftpb.Entry, window)
	for i := range entries {
		entries[i].Data = data
	}
	check(leader.Step(raftpb.Message{Type: raftpb.MsgProp, From: 1, Entries: entries}))
}

// cpuTime is what the process has used, its collector's threads included.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// run commits for at least this long; it returns how much, and the CPU time that it took.
func (c *cluster) run(data []byte, window int, batch bool, atLeast time.Duration) (int, time.Duration) {
	commits := 0
	begin, used := time.Now(), cpuTime()
	for time.Since(begin) < atLeast {
		for i := 0; i < 16; i++ {
			c.propose(data, window, batch)
			c.pump()
			commits += window
		}
	}
	return commits, cpuTime() - used
}

func main() {
	servers := flag.Int("servers", 3, "servers in the cluster")
	size := flag.Int("size", 16, "bytes of a command")
	window := flag.Int("window", 1, "commands outstanding")
	batch := flag.Bool("batch", false, "propose the window as one message")
	ms := flag.Int("ms", 1000, "how long to measure")
	flag.Parse()

	c := newCluster(*servers)
	data := make([]byte, *size)
	warm, _ := c.run(data, *window, *batch, time.Duration(*ms/4)*time.Millisecond)
	c.messages = 0
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	commits, elapsed := c.run(data, *window, *batch, time.Duration(*ms)*time.Millisecond)
	runtime.ReadMemStats(&after)
	for _, m := range c.members {
		if m.commands != warm+commits {
			log.Fatalf("member %d applied %d of %d commands", m.id, m.commands, warm+commits)
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"commitsPerS":       float64(commits) / elapsed.Seconds(),
		"messagesPerCommit": float64(c.messages) / float64(commits),
		"bytesPerCommit":    float64(after.TotalAlloc-before.TotalAlloc) / float64(commits),
	}))
}
