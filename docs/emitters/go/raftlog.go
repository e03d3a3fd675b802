package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// State is the server's state AFTER the event (figure 2).
type State struct {
	Term                            int
	Role                            string      // follower, candidate, leader
	Vote                            interface{} // nil for none
	Commit, Applied, Last, LastTerm int
}

type Fields []interface{} // keys and values in the order of docs/EVENTS.md: "prev", 6, "prevTerm", 3 ...
type Log struct {         // safe for many goroutines
	Out  io.Writer
	Node string
	Boot int
}

var mu, seq = sync.Mutex{}, 0 // one order of writing for all servers of the process, which may share a file

// Step is an event of the server itself.
func (l *Log) Step(s State, op string, own Fields) {
	l.write(fmt.Sprintf("%s %s T%d", l.Node, op, s.Term), s, Fields{"op", op, "src", l.Node, "dst", l.Node}, own)
}

// Message is a message that is sent ("send") or has arrived ("recv"); re is the id of the request that a reply answers, else 0.
func (l *Log) Message(s State, dir, op, src, dst string, id, re, term int, own Fields) {
	who := map[string]string{"send": src + "->" + dst, "recv": dst + "<-" + src}[dir]
	head := Fields{"op", op, "dir", dir, "src", src, "dst", dst, "id", id, "re", re}
	l.write(fmt.Sprintf("%s %s T%d", who, op, term), s, head, append(Fields{"msgTerm", term}, own...))
}

func (l *Log) write(msg string, s State, head, own Fields) {
	mu.Lock()
	defer mu.Unlock()
	seq++
	b := bytes.Buffer{}
	values := json.NewEncoder(&b)
	values.SetEscapeHTML(false) // "->" must stay greppable
	state := Fields{"term", s.Term, "role", s.Role, "vote", s.Vote, "commit", s.Commit, "applied", s.Applied, "last", s.Last, "lastTerm", s.LastTerm}
	fmt.Fprintf(&b, `{"level":30,"time":%.3f,"seq":%d,"node":"%s","boot":%d`, float64(time.Now().UnixNano()/1000)/1000, seq, l.Node, l.Boot)
	all := append(append(append(head, state...), own...), "msg", msg)
	for i := 0; i < len(all); i += 2 {
		if all[i] != "re" || all[i+1] != 0 {
			fmt.Fprintf(&b, `,"%s":`, all[i])
			_ = values.Encode(all[i+1]) // with a newline, which goes at the end
			b.Truncate(b.Len() - 1)
		}
	}
	_, _ = l.Out.Write(append(b.Bytes(), "}\n"...))
}
