package labgob

import (
	"fmt"
	"reflect"
)

// serviceNumbers says whether the positions that Start returns and applyCh brings are those of the log. Who puts entries of his own into
// the log, such as one at the begin of each term, counts the service's commands by themselves.
type serviceNumbers struct {
	known, same bool
	started     map[string]int64 // the index that Start returned, by the command's digest; -1 where two commands are alike
}

// learn compares an entry that travels or is saved with what Start returned for its command.
func (n *serviceNumbers) learn(index int64, of entry) {
	if n.known {
		return
	}
	returned, ok := n.started[of.hash]
	if !ok || returned < 0 {
		return
	}
	n.known, n.same = true, returned == index
	n.started = nil
	if !n.same {
		note("positions of the service are not those of the log: Start, Apply and SnapshotTaken are told without them")
	}
}

func (n *serviceNumbers) starts(hash string, index int64) {
	if n.known {
		return
	}
	if n.started == nil {
		n.started = map[string]int64{}
	}
	if _, twice := n.started[hash]; twice {
		index = -1
	}
	n.started[hash] = index
}

// position adds the service's position to the line, where it is the log's.
func (w *world) position(line event, index int64) {
	if w.numbers.known && w.numbers.same {
		line.number("index", index)
	}
}

// What the service gives and takes: commands, applied entries, snapshots.

// ObserveStarted is told when Start has returned.
func ObserveStarted(raft, command interface{}, index, term int, leads bool) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	inc := observeRafts[raft]
	if inc == nil || inc.server.world.ended {
		return
	}
	inc.server.world.starting--
	if !leads {
		return
	}
	inc.server.world.started = true
	value := reflect.ValueOf(command)
	line := begin(inc.server.name, inc.boot, "Start").local(inc.server.name)
	inc.server.world.position(line, int64(index))
	line.number("entryTerm", int64(term))
	if hash, ok := hashOf(value, false); ok {
		inc.server.world.numbers.starts(hash, int64(index))
		line.text("hash", hash)
		line.text("cmd", beginningOf(value))
	}
	line.end()
}

// ObserveStarting is told when Start is called.
func ObserveStarting(raft interface{}) {
	if !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	if inc := observeRafts[raft]; inc != nil {
		inc.server.world.starting++
	}
}

func beginningOf(value reflect.Value) string {
	const most = 40
	text := ""
	switch value.Kind() {
	case reflect.String:
		text = value.String()
	case reflect.Struct:
		text = fmt.Sprintf("%+v", value.Interface())
	default:
		text = fmt.Sprint(value.Interface())
	}
	if len(text) > most {
		text = text[:most]
	}
	return text
}

// ObserveApplied is told by who reads applyCh, with what came.
func ObserveApplied(channel interface{}, applied interface{}) {
	if !observing() {
		return
	}
	of := reflect.ValueOf(channel)
	message := reflect.ValueOf(applied)
	if of.Kind() != reflect.Chan || message.Kind() != reflect.Struct {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	inc := observeChannels[of.Pointer()]
	if inc == nil || inc.server.world.ended {
		return
	}
	name := inc.server.name
	if is(message, "SnapshotValid") || is(message, "UseSnapshot") {
		index, ok := integer(message.FieldByName("SnapshotIndex"))
		term, _ := integer(message.FieldByName("SnapshotTerm"))
		if ok && !observePlan.asksRaft {
			inc.installed(index, term)
		}
		return
	}
	index, ok := integer(message.FieldByName("CommandIndex"))
	if !is(message, "CommandValid") || !ok {
		return
	}
	line := begin(name, inc.boot, "Apply").local(name)
	inc.server.world.position(line, index)
	if hash, ok := hashOf(message.FieldByName("Command"), false); ok {
		line.text("hash", hash)
	}
	line.end()
}

// ObserveInstalled is told when CondInstallSnapshot has returned: only then is it known whether the service takes the snapshot.
func ObserveInstalled(raft interface{}, term, index int, taken bool) {
	if !taken || !observePlan.asksRaft || !observing() {
		return
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	if inc := observeRafts[raft]; inc != nil && !inc.server.world.ended {
		inc.installed(int64(index), int64(term))
	}
}

func (inc *incarnation) installed(index, term int64) {
	name := inc.server.name
	inc.server.durable.trimmed = true
	line := begin(name, inc.boot, "SnapshotInstalled").local(name)
	inc.server.world.position(line, index)
	if term > 0 {
		line.number("indexTerm", term)
	}
	line.end()
}

func is(message reflect.Value, flag string) bool {
	field := message.FieldByName(flag)
	return field.Kind() == reflect.Bool && field.Bool()
}

// ObserveSnapshot is told when the service calls Snapshot. What it gives is for ObserveReturn.
func ObserveSnapshot(raft interface{}, index int) interface{} {
	if !observing() {
		return nil
	}
	observeMu.Lock()
	defer observeMu.Unlock()
	inc := observeRafts[raft]
	if inc == nil || inc.server.world.ended {
		return nil
	}
	inc.server.durable.trimmed = true
	line := begin(inc.server.name, inc.boot, "SnapshotTaken").local(inc.server.name)
	inc.server.world.position(line, int64(index))
	line.end()
	return wait(inc, "Snapshot")
}

// ObserveReturn is told when a method of the student's has returned.
func ObserveReturn(called interface{}) {
	if call, ok := called.(*waiting); ok {
		observeMu.Lock()
		defer observeMu.Unlock()
		call.done()
	}
}
