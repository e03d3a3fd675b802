package labgob

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"strings"
)

// The messages. What a message says is read from the bytes that travel, once, when they are sent: the student may be changing the structs
// that they were made of, and to read those again would be a race.

// call is one RPC under way.
type call struct {
	id        int64
	reply     int64 // the id of the reply's event, 0 while the handler has not returned
	plan      *rpcPlan
	end       *observedEnd
	handler   *incarnation
	args      message
	replyType reflect.Type
	answer    message
	recv      bool
	handling  *waiting
	said      []byte
}

var observeCalls = map[int64]*call{}
var observeIDs int64

// ObserveSent is told by Call, with the request's bytes. It gives the request its id, 0 for an RPC that is not Raft's.
func ObserveSent(end interface{}, method string, args, reply interface{}, encoded []byte) int64 {
	if !observing() {
		return 0
	}
	plan := observePlan.rpcs[method[strings.LastIndex(method, ".")+1:]]
	if plan == nil {
		return 0
	}
	observeMu.Lock()
	known := observeEnds[end]
	silent := known == nil || known.inc == nil || known.world.ended
	observeMu.Unlock()
	if silent {
		return 0
	}
	// Outside the lock: decoding takes longest.
	message := plan.args.read(decoded(encoded, reflect.TypeOf(args)))
	observeMu.Lock()
	defer observeMu.Unlock()
	if known.world.ended {
		return 0
	}
	observeIDs++
	sent := &call{id: observeIDs, plan: plan, end: known, args: message, replyType: reflect.TypeOf(reply)}
	observeCalls[sent.id] = sent
	known.world.learnEmptyLog(message)
	known.world.learnNumbers(message)
	sent.tell("send", known.inc)
	return sent.id
}

// ObserveReceived is told by the dispatcher, just before the handler runs.
func ObserveReceived(id int64, at *ObservedServer) {
	if id == 0 || at == nil || !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	if known := observeCalls[id]; known != nil && !known.end.world.ended {
		known.recv = true
		if known.plan.op == "InstallSnapshot" && at.inc != nil {
			// Its handler may trim the log before the snapshot comes out of applyCh.
			at.inc.server.durable.trimmed = true
		}
		known.handler = at.inc
		known.handling = wait(at.inc, "the handler of "+known.op())
		known.tell("recv", at.inc)
	}
}

// ObserveAnswered is told by the dispatcher when the handler has returned, with the reply's bytes. It gives them back.
func ObserveAnswered(id int64, encoded []byte) []byte {
	if id == 0 || !observing() {
		return encoded
	}
	observeMu.Lock()
	known := observeCalls[id]
	observeMu.Unlock()
	if known == nil || known.handler == nil {
		return encoded
	}
	message := known.plan.reply.read(decoded(encoded, known.replyType))
	observeMu.Lock()
	defer observeMu.Unlock()
	known.handling.done()
	if known.end.world.ended {
		return encoded
	}
	observeIDs++
	known.reply = observeIDs
	known.answer = message
	known.tellReply("send", known.handler)
	return encoded
}

// ObserveReturned is told by Call with the network's verdict, before the student's code gets to see the reply.
func ObserveReturned(id int64, arrived bool) {
	if id == 0 || !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	known := observeCalls[id]
	if known == nil || known.end.world.ended {
		return
	}
	delete(observeCalls, id)
	switch {
	case arrived && known.reply != 0:
		known.tellReply("recv", known.end.inc)
	case arrived:
		// Only the dispatcher makes replies: where it was not seen, nothing is said.
	case known.reply != 0:
		known.tellReply("drop", known.handler)
	case !known.recv:
		known.tell("drop", known.end.inc)
	}
}

func (c *call) op() string {
	if c.args.flags["preVote"] {
		return "PreVote"
	}
	return c.plan.op
}

func (c *call) tell(dir string, speaker *incarnation) {
	from, to := c.end.inc.server.name, c.end.to
	line := begin(speaker.server.name, speaker.boot, c.op()).between(dir, from, to).number("id", c.id)
	if c.said == nil {
		start := len(observeLine)
		c.args.tell(line, c.end.world, c.end.inc.server.me)
		c.said = append([]byte{}, observeLine[start:]...)
	} else {
		// Its fields are those of the line that was sent: a long list of entries is put into words once.
		observeLine = append(observeLine, c.said...)
	}
	line.end()
}

func (c *call) tellReply(dir string, speaker *incarnation) {
	from, to := c.end.to, c.end.inc.server.name
	line := begin(speaker.server.name, speaker.boot, c.op()+"Reply").between(dir, from, to).number("id", c.reply).number("re", c.id)
	c.answer.tell(line, c.end.world, -1)
	line.end()
}

// decoded reads the bytes into a value of that type of our own. Not valid where they cannot be read.
func decoded(encoded []byte, of reflect.Type) (value reflect.Value) {
	defer func() {
		// A type of the student's may have a decoder of its own, and that may panic.
		if recover() != nil {
			value = reflect.Value{}
		}
	}()
	if of == nil {
		return reflect.Value{}
	}
	for of.Kind() == reflect.Ptr {
		of = of.Elem()
	}
	into := reflect.New(of)
	if gob.NewDecoder(bytes.NewReader(encoded)).DecodeValue(into) != nil {
		return reflect.Value{}
	}
	return into.Elem()
}
