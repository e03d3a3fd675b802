package labgob

import (
	"os"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// The log of what was seen. One lock gives the events their order; a line is written as soon as it is made, because the lines just before
// a crash of the process are the ones that matter.

// observeBytesMax bounds the log of a run, so that a test that floods the network does not fill the disk.
const observeBytesMax = 256 << 20

var observeMu sync.Mutex // holds everything below, and the worlds
var observeFile = openObserved()
var observeStart = time.Now()
var observeSeq int64
var observeBytes int
var observeLine []byte // the line in the making, reused

func openObserved() *os.File {
	path := os.Getenv("RAFTLENS_OBSERVED")
	if path == "" && os.Getenv("RUN_DIR") != "" {
		path = os.Getenv("RUN_DIR") + "/observed.ndjson"
	}
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		os.Stderr.WriteString("raftlens: the recorder cannot write " + path + ": " + err.Error() + "\n")
		return nil
	}
	return file
}

func observing() bool { return observeFile != nil }

// event is a line in the making. All of its methods need observeMu.
type event struct{}

// begin starts the line of a server's step or of the harness.
func begin(node string, boot int, op string) event {
	observeSeq++
	line := append(observeLine[:0], `{"time":`...)
	// The monotonic clock gives the distances: the wall clock may jump in the middle of a test.
	since := time.Since(observeStart)
	line = strconv.AppendFloat(line, float64(observeStart.UnixNano()/1000+since.Nanoseconds()/1000)/1000, 'f', 3, 64)
	line = append(line, `,"seq":`...)
	line = strconv.AppendInt(line, observeSeq, 10)
	line = append(line, `,"node":"`...)
	line = append(line, node...)
	line = append(line, `","boot":`...)
	line = strconv.AppendInt(line, int64(boot), 10)
	line = append(line, `,"op":"`...)
	line = append(line, op...)
	observeLine = append(line, '"')
	return event{}
}

// local says that the event concerns no other server.
func (e event) local(node string) event { return e.between("", node, node) }

func (e event) between(dir, src, dst string) event {
	if dir != "" {
		e.text("dir", dir)
	}
	e.text("src", src)
	return e.text("dst", dst)
}

func (e event) number(key string, value int64) event {
	observeLine = append(observeLine, ',', '"')
	observeLine = append(observeLine, key...)
	observeLine = append(observeLine, '"', ':')
	observeLine = strconv.AppendInt(observeLine, value, 10)
	return e
}

func (e event) flag(key string, value bool) event {
	observeLine = append(observeLine, ',', '"')
	observeLine = append(observeLine, key...)
	observeLine = append(observeLine, '"', ':')
	observeLine = strconv.AppendBool(observeLine, value)
	return e
}

func (e event) null(key string) event {
	observeLine = append(observeLine, ',', '"')
	observeLine = append(observeLine, key...)
	observeLine = append(observeLine, `":null`...)
	return e
}

func (e event) text(key, value string) event {
	observeLine = append(observeLine, ',', '"')
	observeLine = append(observeLine, key...)
	observeLine = append(observeLine, '"', ':')
	observeLine = appendQuoted(observeLine, value)
	return e
}

// appendQuoted writes a JSON string: strconv.Quote is Go's syntax and not JSON's.
func appendQuoted(line []byte, value string) []byte {
	const hex = "0123456789abcdef"
	line = append(line, '"')
	for i := 0; i < len(value); {
		b := value[i]
		switch {
		case b == '"' || b == '\\':
			line = append(line, '\\', b)
			i++
		case b < 0x20 || b == 0x7f:
			line = append(line, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
			i++
		case b < utf8.RuneSelf:
			line = append(line, b)
			i++
		default:
			r, size := utf8.DecodeRuneInString(value[i:])
			if r == utf8.RuneError && size == 1 {
				line = append(line, `\ufffd`...)
			} else {
				line = append(line, value[i:i+size]...)
			}
			i += size
		}
	}
	return append(line, '"')
}

// end writes the line out.
func (e event) end() {
	observeLine = append(observeLine, '}', '\n')
	if observeFile == nil {
		return
	}
	observeBytes += len(observeLine)
	if observeBytes > observeBytesMax {
		file := observeFile
		observeFile = nil
		file.WriteString(`{"time":` + strconv.FormatInt(time.Now().UnixNano()/1000000, 10) + `,"seq":` + strconv.FormatInt(observeSeq, 10) +
			`,"node":"TEST","boot":0,"op":"Note","src":"TEST","dst":"TEST","detail":"the recorder stopped: the log has reached ` +
			strconv.Itoa(observeBytesMax>>20) + ` MiB"}` + "\n")
		file.Close()
		return
	}
	if _, err := observeFile.Write(observeLine); err != nil {
		os.Stderr.WriteString("raftlens: the recorder stopped: " + err.Error() + "\n")
		observeFile = nil
	}
}

func note(detail string) {
	begin("TEST", 0, "Note").local("TEST").text("detail", detail).end()
}
