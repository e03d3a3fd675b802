package labgob

import (
	"fmt"
	"reflect"
	"strconv"
)

// What clients ask a key/value service, and what they get: a history, to be judged for linearizability.

// clientOp is an operation under way.
type clientOp struct {
	world  *world
	client string
	id     int64
	f, key string
}

// ObserveInvoke is told when a method of a Clerk is called. what is the value to write, and its version where there is one.
func ObserveInvoke(clerk interface{}, f, key string, what ...interface{}) interface{} {
	if !observing() {
		return nil
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	w := observeNow
	if w == nil || w.ended {
		return nil
	}
	client, known := w.clients[clerk]
	if !known {
		client = "C" + strconv.Itoa(len(w.clients)+1)
		w.clients[clerk] = client
	}
	w.clientOps++
	op := &clientOp{world: w, client: client, id: w.clientOps, f: f, key: key}
	line := op.begin("Invoke")
	if len(what) > 0 {
		line.text("value", words(what))
	}
	line.end()
	return op
}

// ObserveGot is told when it returns, with its results: a value and its version for a get, and the labs' Err where it has one.
func ObserveGot(invoked interface{}, results ...interface{}) {
	op, ok := invoked.(*clientOp)
	if !ok || op == nil {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	if op.world.ended {
		return
	}
	said := ""
	if len(results) > 0 && op.hasError(results) {
		said = fmt.Sprint(results[len(results)-1])
		results = results[:len(results)-1]
	}
	switch said {
	case "", "OK", "Ok":
		line := op.begin("Ok")
		if op.f == "get" && len(results) > 0 {
			// Without its version: that the answer does not name one is how a history of versions is known.
			line.text("value", words(results[:1]))
		}
		line.end()
	case "ErrNoKey":
		op.begin("Ok").text("value", "").end()
	case "ErrVersion":
		op.begin("Fail").text("value", said).end()
	default:
		// It may have taken place: ErrMaybe, and whatever else a client gives up with.
		op.begin("Info").text("value", said).end()
	}
}

// hasError says whether the last result is the labs' Err: a text that is not the value that was read.
func (op *clientOp) hasError(results []interface{}) bool {
	last := reflect.TypeOf(results[len(results)-1])
	return last != nil && last.Kind() == reflect.String && (op.f != "get" || len(results) > 1)
}

func (op *clientOp) begin(what string) event {
	return begin(op.client, 0, what).local(op.client).text("client", op.client).number("opid", op.id).text("f", op.f).text("key", op.key)
}

func words(parts []interface{}) string {
	text := ""
	for i, part := range parts {
		if i > 0 {
			text += " "
		}
		text += fmt.Sprint(part)
	}
	return text
}
