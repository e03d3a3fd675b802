package labgob

import (
	"strconv"
	"time"
)

// What does not return. A server that holds its lock over applyCh falls silent, and a log in which nothing more happens tells of no time:
// so it is said, again and again at longer distances, what is being waited for.

// waiting is a call into the student's code.
type waiting struct {
	inc   *incarnation
	what  string
	since time.Time
	told  time.Duration
}

const (
	stuckAfter = time.Second
	lookEvery  = 250 * time.Millisecond
)

var observeWaiting = map[*waiting]bool{}
var observeWatched bool

// wait needs observeMu, as done does.
func wait(inc *incarnation, what string) *waiting {
	if !observeWatched {
		observeWatched = true
		go watchStuck()
	}
	w := &waiting{inc: inc, what: what, since: time.Now()}
	observeWaiting[w] = true
	return w
}

func (w *waiting) done() {
	if w != nil {
		delete(observeWaiting, w)
	}
}

func watchStuck() {
	for {
		time.Sleep(lookEvery)
		observeMu.Lock()
		for _, w := range longestWaits() {
			w.tell()
		}
		observeMu.Unlock()
	}
}

// longestWaits gives one for each incarnation: what came later waits for the same. Those of the dead are dropped.
func longestWaits() map[*incarnation]*waiting {
	longest := map[*incarnation]*waiting{}
	for w := range observeWaiting {
		if w.inc.dead || w.inc.server.world.ended {
			w.done()
		} else if known := longest[w.inc]; known == nil || w.since.Before(known.since) {
			longest[w.inc] = w
		}
	}
	return longest
}

func (w *waiting) tell() {
	waited := time.Since(w.since)
	if waited < stuckAfter || waited < 2*w.told {
		return
	}
	w.told = waited
	note(w.inc.server.name + " has not returned from " + w.what + " for " +
		strconv.FormatFloat(waited.Seconds(), 'f', 1, 64) + " s: is a lock held while something is sent to applyCh?")
}
