// The instrumenter reads a lab's sources and writes copies of them with calls of the recorder, for `go test -overlay`. Nothing is written
// into the lab. It says as JSON on stdout what it found, what it will observe, and what it could not place.
package main

import (
	"encoding/json"
	"flag"
	"os"
)

// report is what the instrumenter says.
type report struct {
	Root     string      `json:"root"`    // the folder that holds labrpc
	Target   string      `json:"target"`  // the package that is tested
	Raft     string      `json:"raft"`    // the package with the Raft
	Modules  bool        `json:"modules"` // built by go.mod, else by GOPATH
	GoPath   string      `json:"gopath"`  // what GOPATH has to be, where modules is false and imports are absolute
	Overlay  string      `json:"overlay"` // the file for -overlay, empty where none was asked for
	Wanted   string      `json:"wanted"`  // the version of Go that go.mod asks for
	Rpcs     []rpcDraft  `json:"rpcs"`
	Saves    []saveDraft `json:"saves"`
	Entry    *entryDraft `json:"entry"`
	Observed []string    `json:"observed"` // what is observed
	Missing  []string    `json:"missing"`  // what is not, one line each, with the function's name
	Error    string      `json:"error"`
}

func main() {
	target := flag.String("target", ".", "the folder of the package that is tested")
	out := flag.String("out", "", "the folder for the copies; none: only say what would be observed")
	recorder := flag.String("recorder", "", "the folder with the recorder's sources")
	names := flag.String("names", "", "a file with the mapping of names, over the draft")
	flag.Parse()
	said := run(*target, *out, *recorder, *names)
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(said); err != nil {
		os.Exit(3)
	}
}

func run(target, out, recorder, names string) *report {
	said := &report{Rpcs: []rpcDraft{}, Saves: []saveDraft{}, Observed: []string{}, Missing: []string{}}
	lab, err := findLab(target)
	if err != nil {
		said.Error = err.Error()
		return said
	}
	said.Root, said.Target, said.Raft = lab.root, lab.target, lab.raft
	said.Modules, said.GoPath, said.Wanted = lab.modules, lab.gopath, lab.wanted
	draft := draftNames(lab.raftFiles)
	if names != "" {
		if err := draft.correct(names); err != nil {
			said.Error = err.Error()
			return said
		}
	}
	said.Rpcs, said.Saves, said.Entry = draft.rpcs, draft.saves, draft.entry
	edits := instrument(lab)
	draft.asksRaft = lab.callsConditionally()
	said.Observed, said.Missing = edits.observed, edits.missing
	if out != "" {
		said.Overlay, err = writeOverlay(lab, edits, draft, out, recorder)
		if err != nil {
			said.Error = err.Error()
		}
	}
	return said
}
