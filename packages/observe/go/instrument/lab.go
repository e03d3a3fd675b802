package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// lab is where things are.
type lab struct {
	root      string // holds labrpc and labgob
	target    string // the package that is tested
	raft      string // the package with Make
	modules   bool
	gopath    string
	wanted    string
	labgob    string // the import path of labgob, as labrpc imports it
	raftFiles []*source
	files     []*source // all that may be instrumented
}

// candidates for the folder of the Raft, below the folder that the user names.
var raftFolders = []string{"", "src/raft1", "src/raft", "raft1", "raft"}

func findLab(given string) (*lab, error) {
	start, err := filepath.Abs(given)
	if err != nil {
		return nil, err
	}
	found := &lab{}
	for _, folder := range raftFolders {
		if dir := filepath.Join(start, folder); hasTests(dir) {
			found.target = dir
			break
		}
	}
	if found.target == "" {
		return nil, fmt.Errorf("no Go tests in %s, nor in raft or raft1 below it: name the folder of the lab's tests", start)
	}
	for dir := found.target; ; dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, "labrpc", "labrpc.go")) {
			found.root = dir
			break
		}
		if dir == filepath.Dir(dir) {
			return nil, fmt.Errorf("no labrpc/labrpc.go in %s or above it: this is not a lab of 6.824 or 6.5840", found.target)
		}
	}
	if !exists(filepath.Join(found.root, "labgob", "labgob.go")) {
		return nil, fmt.Errorf("no labgob/labgob.go in %s: labs are known from 2018 on", found.root)
	}
	found.findModule()
	return found, found.read()
}

func hasTests(dir string) bool {
	tests, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	return len(tests) > 0
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// findModule says how the lab is built: by the nearest go.mod, else by GOPATH, which is the folder that holds src.
func (l *lab) findModule() {
	for dir := l.target; ; dir = filepath.Dir(dir) {
		if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
			l.modules = true
			for _, line := range strings.Split(string(text), "\n") {
				if words := strings.Fields(line); len(words) == 2 && words[0] == "go" {
					l.wanted = words[1]
				}
			}
			return
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if filepath.Base(l.root) == "src" {
		l.gopath = filepath.Dir(l.root)
	}
}

func (l *lab) read() error {
	labrpc, err := readSource(filepath.Join(l.root, "labrpc", "labrpc.go"))
	if err != nil {
		return err
	}
	for _, spec := range labrpc.syntax.Imports {
		if path := strings.Trim(spec.Path.Value, `"`); strings.HasSuffix(path, "labgob") {
			l.labgob = path
		}
	}
	if l.labgob == "" {
		return errors.New("labrpc.go does not import labgob: labs are known from 2018 on")
	}
	l.files = append(l.files, labrpc)
	folders := []string{filepath.Join(l.root, "labgob"), l.target}
	for _, name := range []string{"tester1", "raft1", "raft", "kvraft1/rsm", "kvraft1", "kvraft"} {
		if dir := filepath.Join(l.root, name); exists(dir) && dir != l.target {
			folders = append(folders, dir)
		}
	}
	for _, dir := range folders {
		files, err := readFolder(dir, dir == l.target)
		if err != nil {
			return err
		}
		l.files = append(l.files, files...)
		if l.raft == "" && makesRaft(files) {
			l.raft = dir
			l.raftFiles = files
		}
	}
	if l.raft == "" {
		return fmt.Errorf("no func Make(peers []*labrpc.ClientEnd, ...) in %s, nor in raft or raft1 beside it", l.target)
	}
	return nil
}

func readFolder(dir string, tests bool) ([]*source, error) {
	paths, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	var files []*source
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") && !tests {
			continue
		}
		file, err := readSource(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// callsConditionally says whether a snapshot is installed only where CondInstallSnapshot agrees.
func (l *lab) callsConditionally() bool {
	for _, file := range l.files {
		// The definition is no call: it has its receiver before it.
		if file.dir() == l.target && strings.Contains(file.text, ".CondInstallSnapshot(") {
			return true
		}
	}
	return false
}

// makesRaft says whether one of the files has the labs' Make.
func makesRaft(files []*source) bool {
	for _, file := range files {
		if file.function("", "Make") != nil && len(file.function("", "Make").params) == 4 {
			return true
		}
	}
	return false
}
