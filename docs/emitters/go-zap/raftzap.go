package main

import (
	"fmt"
	"io"
	"sync"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// State is the server's state (figure 2): AFTER a step or a send; of a message that arrives BEFORE anything is done with it.
type State struct {
	Term                            int
	Role, Vote                      string // Role: follower, candidate, leader; Vote: "" for none
	Commit, Applied, Last, LastTerm int
}

// NewRaftCore makes zap write lines as docs/EVENTS.md has them. One core for all servers of a process keeps their lines in order.
func NewRaftCore(out io.Writer) zapcore.Core {
	encoding := zapcore.EncoderConfig{
		LevelKey: "level", EncodeLevel: func(l zapcore.Level, to zapcore.PrimitiveArrayEncoder) { to.AppendInt(30 + 10*int(l)) },
		TimeKey: "time", EncodeTime: zapcore.EpochMillisTimeEncoder, MessageKey: "msg",
	}
	return zapcore.NewCore(zapcore.NewJSONEncoder(encoding), zapcore.Lock(zapcore.AddSync(out)), zap.DebugLevel)
}

// RaftLog writes the events of one instance of a server. Own fields are named as in docs/EVENTS.md: zap.Int("prev", 6) ...
type RaftLog struct {
	node string
	zap  *zap.Logger
}

var mu = sync.Mutex{}
var live = map[string]*RaftLog{} // the instance of each server that may write

// NewRaftLog is for a server that starts; boot is one higher at each restart. The instance before it writes nothing from now on.
func NewRaftLog(core zapcore.Core, node string, boot int) *RaftLog {
	mu.Lock()
	defer mu.Unlock()
	live[node] = &RaftLog{node, zap.New(core).With(zap.String("node", node), zap.Int("boot", boot))}
	return live[node]
}

// Kill makes the instance silent: goroutines of a killed server may run on, and what they do is not the server's any more.
func (l *RaftLog) Kill() {
	mu.Lock()
	defer mu.Unlock()
	if live[l.node] == l {
		delete(live, l.node)
	}
}

// Harness is an event of the test: TestBegin, TestEnd, Crash, Partition, Heal, Fault, Violation, Note.
func Harness(core zapcore.Core, op string, own ...zap.Field) {
	level := map[string]zapcore.Level{"Crash": zap.WarnLevel, "Partition": zap.WarnLevel, "Fault": zap.WarnLevel, "Violation": zap.ErrorLevel}[op]
	own = append([]zap.Field{zap.String("node", "TEST"), zap.Int("boot", 0), zap.String("op", op)}, own...)
	if entry := zap.New(core).Check(level, "TEST "+op); entry != nil {
		entry.Write(own...)
	}
}

// Step is an event of the server itself.
func (l *RaftLog) Step(s State, op string, own ...zap.Field) {
	l.write(fmt.Sprintf("%s %s T%d", l.node, op, s.Term), s, op, own)
}

// Message is one that is sent ("send") or has arrived ("recv"); re is the id of the request that a reply answers, else 0.
func (l *RaftLog) Message(s State, dir, op, src, dst string, id, re, term int, own ...zap.Field) {
	who := map[string]string{"send": src + "->" + dst, "recv": dst + "<-" + src}[dir]
	own = append(own, zap.String("dir", dir), zap.String("src", src), zap.String("dst", dst), zap.Int("id", id), zap.Int("msgTerm", term))
	if re != 0 {
		own = append(own, zap.Int("re", re))
	}
	l.write(fmt.Sprintf("%s %s T%d", who, op, term), s, op, own)
}

func (l *RaftLog) write(text string, s State, op string, own []zap.Field) {
	state := []zap.Field{zap.String("op", op), zap.Int("term", s.Term), zap.String("role", s.Role), zap.Any("vote", nil), zap.Int("commit", s.Commit),
		zap.Int("applied", s.Applied), zap.Int("last", s.Last), zap.Int("lastTerm", s.LastTerm)}
	if s.Vote != "" {
		state[3] = zap.String("vote", s.Vote)
	}
	mu.Lock()
	defer mu.Unlock()
	if live[l.node] == l {
		l.zap.Info(text, append(state, own...)...)
	}
}
