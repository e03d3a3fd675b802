package labgob

import (
	"bytes"
	"encoding/gob"
	"reflect"
)

// What is durable.

// durableLog is the log that the newest save of a server has told, in the paper's numbering.
type durableLog struct {
	base    int64 // the index before the first of entries: what a snapshot replaces
	entries []entry
	trimmed bool // a snapshot was taken or came: without its index nobody knows where the slice begins
}

// saved is what the bytes say, in the student's numbering.
type saved struct {
	numbers map[string]int64
	list    []entry
	whole   bool
}

// ObserveSaved is told by the persister under its lock, with the state that was saved.
func ObserveSaved(persister interface{}, state []byte, snapshot []byte, both bool) {
	if !observing() {
		return
	}
	observeMu.Lock()
	inc := observePersisters[persister]
	var tied *encoding
	if inc != nil && !inc.server.world.ended {
		tied = encodingOf(state)
	}
	observeMu.Unlock()
	if inc == nil {
		return
	}
	// Outside the recorder's lock, and under the persister's: no other save of this server comes between.
	said := tied.read(state)
	observeMu.Lock()
	defer observeMu.Unlock()
	if inc.server.world.ended {
		return
	}
	what := "state+entries"
	if both && len(snapshot) > 0 {
		what += "+snapshot"
	}
	if tied == nil {
		what = "unknown"
	}
	line := begin(inc.server.name, inc.boot, "Persist").local(inc.server.name).text("what", what)
	said.tell(line, inc)
	line.end()
}

// read decodes the saved bytes by the types that were encoded. Nothing where they cannot be read.
func (e *encoding) read(state []byte) (said saved) {
	said.numbers = map[string]int64{}
	if e == nil {
		return said
	}
	defer func() {
		if recover() != nil {
			said = saved{numbers: map[string]int64{}}
		}
	}()
	decoder := gob.NewDecoder(bytes.NewReader(state))
	for i, of := range e.types {
		for of.Kind() == reflect.Ptr {
			of = of.Elem()
		}
		into := reflect.New(of)
		if decoder.DecodeValue(into) != nil {
			return saved{numbers: map[string]int64{}}
		}
		for role, path := range e.plan.parts[i] {
			field := at(into.Elem(), path)
			if role == "log" {
				said.list, said.whole = e.plan.entry.readAll(field)
			} else if number, ok := integer(field); ok {
				said.numbers[role] = number
			}
		}
	}
	return said
}

func (s saved) tell(line event, inc *incarnation) {
	if term, ok := s.numbers["term"]; ok && term >= 0 {
		line.number("durableTerm", term)
	}
	if vote, ok := s.numbers["vote"]; ok {
		// In the labs nobody is -1. Other numbers that are no server's are not understood.
		if vote == -1 {
			line.null("durableVote")
		} else if inc.server.world.servers[int(vote)] != nil {
			line.text("durableVote", serverName(int(vote)))
		}
	}
	s.tellLog(line, inc)
}

// tellLog tells the log as the difference to what was durable before.
func (s saved) tellLog(line event, inc *incarnation) {
	if !s.whole {
		return
	}
	log := &inc.server.durable
	list, base, ok := s.placed(inc.server)
	if !ok {
		return
	}
	for i := 0; i < len(list) && !inc.server.world.numbers.known; i++ {
		inc.server.world.numbers.learn(base+1+int64(i), list[i])
	}
	last := base + int64(len(list))
	line.number("durableLast", last)
	if len(list) > 0 {
		line.number("durableLastTerm", list[len(list)-1].term)
	}
	if base > 0 {
		line.number("snapshotIndex", base)
		if term, known := s.baseTerm(inc.server); known {
			line.number("snapshotTerm", term)
			if len(list) == 0 {
				line.number("durableLastTerm", term)
			}
		}
	} else if len(list) == 0 {
		line.number("durableLastTerm", 0)
	}
	from := firstDifference(log, list, base)
	line.number("index", from).text("entries", listOf(list[from-base-1:]))
	if !inc.dead {
		log.base, log.entries = base, list
	}
}

// firstDifference is the first index at which the new log is not the old one, above both snapshots.
func firstDifference(old *durableLog, list []entry, base int64) int64 {
	index := base + 1
	if old.base > base {
		// It goes back behind its snapshot: it is told as a whole.
		return index
	}
	for ; index-base-1 < int64(len(list)) && index-old.base-1 < int64(len(old.entries)); index++ {
		a, b := list[index-base-1], old.entries[index-old.base-1]
		if a.term != b.term || a.hash != b.hash {
			break
		}
	}
	return index
}

// placed gives the entries and the index before the first of them. Not ok where nobody can know it.
func (s saved) placed(server *observedServer) ([]entry, int64, bool) {
	w := server.world
	if !w.dummySet && w.untouched() {
		// Before the first command every log is empty: what is in the slice is no entry.
		w.dummySet, w.dummy = true, len(s.list)
	}
	if !w.dummySet || w.dummy > 1 || w.dummy > len(s.list) {
		return nil, 0, false
	}
	snapshot, told := s.numbers["snapshotIndex"]
	if told {
		snapshot -= emptyOf(w)
	} else if len(s.list) > 0 && s.list[0].index >= 0 && observedIndexes(s.list) {
		// The entries carry their indexes: one that is no entry that of what the snapshot replaced.
		snapshot = s.list[0].index - emptyOf(w) - int64(1-w.dummy)
	} else if server.durable.trimmed {
		return nil, 0, false
	}
	if snapshot < 0 {
		return nil, 0, false
	}
	return s.list[w.dummy:], snapshot, true
}

// observedIndexes says whether the entries' own indexes go up one by one: else the field is something else.
func observedIndexes(list []entry) bool {
	for i := 1; i < len(list); i++ {
		if list[i].index != list[0].index+int64(i) {
			return false
		}
	}
	return true
}

func (s saved) baseTerm(server *observedServer) (int64, bool) {
	if term, ok := s.numbers["snapshotTerm"]; ok && term >= 0 {
		return term, true
	}
	if server.world.dummy == 1 {
		return s.list[0].term, s.list[0].term >= 0
	}
	return 0, false
}

func emptyOf(w *world) int64 {
	if w.emptySet {
		return w.emptyLog
	}
	return 0
}
