package labgob

import "strconv"

// From the student's numbering of the log to the paper's, and into the line.

// learnEmptyLog finds how the student numbers the log: before any command was given every log is empty, and the first message of a test
// says where such a log ends. The paper says 0; who begins to count at 0, says -1.
func (w *world) learnEmptyLog(said message) {
	if w.emptySet || !w.untouched() {
		return
	}
	for _, role := range []string{"lastLogIndex", "prev"} {
		if index, ok := said.numbers[role]; ok {
			w.emptyLog, w.emptySet = index, true
			return
		}
	}
}

// learnNumbers compares the entries of a message with what Start has returned.
func (w *world) learnNumbers(said message) {
	prev, ok := said.index("prev", w)
	if !ok || w.numbers.known {
		return
	}
	for i, entry := range said.entries {
		w.numbers.learn(prev+1+int64(i), entry)
	}
}

// indexes of the log, and the terms of the entries there.
var termAt = map[string]string{"lastLogIndex": "lastLogTerm", "prev": "prevTerm", "lastIncludedIndex": "lastIncludedTerm"}

// tell adds the fields of a message to its line. me is the number of the server that names itself in the message, -1 for a reply.
func (m message) tell(line event, w *world, me int) {
	if term, ok := m.numbers["msgTerm"]; ok && term >= 0 {
		line.number("msgTerm", term)
	}
	for _, role := range []string{"lastLogIndex", "prev", "lastIncludedIndex"} {
		m.tellPosition(line, w, role)
	}
	if m.hasList {
		line.number("n", int64(len(m.entries)))
	}
	// A commit index counts as the log does: at the beginning it is that of the empty log.
	if commit, ok := m.index("leaderCommit", w); ok && commit >= 0 {
		line.number("leaderCommit", commit)
	}
	if m.hasList && m.whole && len(m.entries) > 0 {
		line.text("entries", listOf(m.entries))
	}
	if m.bytes >= 0 {
		line.number("offset", 0).number("bytes", int64(m.bytes)).flag("done", true)
	}
	for _, role := range []string{"granted", "success"} {
		if value, ok := m.flags[role]; ok {
			line.flag(role, value)
		}
	}
}

func (m message) tellPosition(line event, w *world, role string) {
	index, ok := m.index(role, w)
	if !ok || index < 0 {
		return
	}
	line.number(role, index)
	if term, ok := m.numbers[termAt[role]]; ok && index == 0 {
		// Before the first entry there is no term: -1 and 0 mean the same.
		line.number(termAt[role], 0)
	} else if ok && term >= 0 {
		line.number(termAt[role], term)
	}
}

func (m message) index(role string, w *world) (int64, bool) {
	index, ok := m.numbers[role]
	if !ok || !w.emptySet {
		return 0, false
	}
	return index - w.emptyLog, true
}

func listOf(entries []entry) string {
	list := make([]byte, 0, 12*len(entries))
	for i, entry := range entries {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, entry.term, 10)
		list = append(list, ':')
		list = append(list, entry.hash...)
	}
	return string(list)
}
