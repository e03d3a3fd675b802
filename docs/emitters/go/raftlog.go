package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// State is the server's state (figure 2): AFTER a step or a send; of a message that arrives BEFORE anything is done with it.
type State struct {
	Term                            int
	Role                            string      // follower, candidate, leader
	Vote                            interface{} // nil for none
	Commit, Applied, Last, LastTerm int
}

// Fields are keys and values in the order of docs/EVENTS.md: "prev", 6, "prevTerm", 3 ...
type Fields []interface{}

// Log writes the events of one instance of a server. Safe for many goroutines.
type Log struct {
	out  io.Writer
	node string
	boot int
}

var mu, seq = sync.Mutex{}, 0 // one order of writing for all servers of the process, which may share a file
var live = map[string]*Log{}  // the instance of each server that may write

// NewLog is for a server that starts; boot is one higher at each restart. The instance before it writes nothing from now on.
func NewLog(out io.Writer, node string, boot int) *Log {
	mu.Lock()
	defer mu.Unlock()
	live[node] = &Log{out, node, boot}
	return live[node]
}

// Kill makes the instance silent: goroutines of a killed server may run on, and what they do is not the server's any more.
func (l *Log) Kill() {
	mu.Lock()
	defer mu.Unlock()
	if live[l.node] == l {
		delete(live, l.node)
	}
}

// Step is an event of the server itself.
func (l *Log) Step(s State, op string, own Fields) {
	l.write(fmt.Sprintf("%s %s T%d", l.node, op, s.Term), s, Fields{"op", op, "src", l.node, "dst", l.node}, own)
}

// Message is a message that is sent ("send") or has arrived ("recv"); re is the id of the request that a reply answers, else 0.
func (l *Log) Message(s State, dir, op, src, dst string, id, re, term int, own Fields) {
	who := map[string]string{"send": src + "->" + dst, "recv": dst + "<-" + src}[dir]
	head := Fields{"op", op, "dir", dir, "src", src, "dst", dst, "id", id}
	if re != 0 {
		head = append(head, "re", re)
	}
	l.write(fmt.Sprintf("%s %s T%d", who, op, term), s, head, append(Fields{"msgTerm", term}, own...))
}

func (l *Log) write(msg string, s State, head, own Fields) {
	mu.Lock()
	defer mu.Unlock()
	if live[l.node] == l {
		state := Fields{"term", s.Term, "role", s.Role, "vote", s.Vote, "commit", s.Commit, "applied", s.Applied, "last", s.Last, "lastTerm", s.LastTerm}
		line(l.out, 30, l.node, l.boot, append(append(append(head, state...), own...), "msg", msg))
	}
}

// Harness is an event of the test: TestBegin, TestEnd, Crash, Partition, Heal, Fault, Violation, Note.
func Harness(out io.Writer, op string, own Fields) {
	mu.Lock()
	defer mu.Unlock()
	level := map[string]int{"Crash": 40, "Partition": 40, "Fault": 40, "Violation": 50}[op]
	if level == 0 {
		level = 30
	}
	line(out, level, "TEST", 0, append(append(Fields{"op", op, "src", "TEST", "dst", "TEST"}, own...), "msg", "TEST "+op))
}

func line(out io.Writer, level int, node string, boot int, pairs Fields) {
	seq++
	b := bytes.Buffer{}
	values := json.NewEncoder(&b)
	values.SetEscapeHTML(false) // "->" must stay greppable
	fmt.Fprintf(&b, `{"level":%d,"time":%.3f,"seq":%d`, level, float64(time.Now().UnixNano()/1000)/1000, seq)
	all := append(Fields{"node", node, "boot", boot}, pairs...)
	for i := 0; i < len(all); i += 2 {
		fmt.Fprintf(&b, `,"%s":`, all[i])
		_ = values.Encode(all[i+1]) // with a newline, which goes at the end
		b.Truncate(b.Len() - 1)
	}
	_, _ = out.Write(append(b.Bytes(), "}\n"...))
}
