package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// The draft of the mapping: which of the student's names is which of the paper's, and what that rests on. What is not mapped is told as not
// known by every event.

// nameDraft is one field.
type nameDraft struct {
	Role  string `json:"role"`
	Path  string `json:"path"`
	Rests string `json:"rests"` // "name", "type", or "given" by the mapping file
}

type rpcDraft struct {
	Method string      `json:"method"`
	Op     string      `json:"op"`
	Args   []nameDraft `json:"args"`
	Reply  []nameDraft `json:"reply"`
	// What the paper has and the student has not, or under a name that was not recognised.
	Unknown []string `json:"unknown"`
	Where   string   `json:"where"`
}

// saveDraft is one place that encodes what is saved.
type saveDraft struct {
	File    string        `json:"file"`
	From    int           `json:"from"`
	To      int           `json:"to"`
	In      string        `json:"in"` // the function
	Exprs   []string      `json:"exprs"`
	Parts   [][]nameDraft `json:"parts"`
	Unknown []string      `json:"unknown"`
}

type entryDraft struct {
	Type    string `json:"type"`
	Term    string `json:"term"`
	Command string `json:"command"`
	Index   string `json:"index"`
}

type draft struct {
	rpcs  []rpcDraft
	saves []saveDraft
	entry *entryDraft
	// The tester or the service calls CondInstallSnapshot.
	asksRaft bool
}

// role is a field of the paper's with the names under which it is met; letters only, lower case.
type role struct {
	name   string
	kind   string // "number", "flag" (also by its type alone), "bool", "entries", "bytes"
	names  string // separated by blanks
	needed bool
}

var roles = map[string]struct{ args, reply []role }{
	"RequestVote": {
		args: []role{
			{"msgTerm", "number", "term candidateterm currentterm cterm curterm newterm electionterm", true},
			{"lastLogIndex", "number", "lastlogindex lastlogidx candidatelastlogindex candidatelastindex lastindex lastidx lastentryindex", true},
			{"lastLogTerm", "number", "lastlogterm candidatelastlogterm candidatelastterm lastterm lastentryterm", true},
			// A request that binds nobody, where one RPC serves for both.
			{"preVote", "bool", "prevote isprevote pre ispre preelection ispreelection", false},
		},
		reply: []role{
			{"msgTerm", "number", "term currentterm replyterm voterterm followerterm curterm peerterm", true},
			{"granted", "flag", "votegranted granted voted grant isgranted grantvote votegrant voteforme vote success ok agree", true},
		},
	},
	"AppendEntries": {
		args: []role{
			{"msgTerm", "number", "term leaderterm currentterm curterm", true},
			{"prev", "number", "prevlogindex prelogindex previouslogindex prevlogidx prelogidx previndex preindex previdx leaderprevlogindex prevlogentryindex lastlogindex", true},
			{"prevTerm", "number", "prevlogterm prelogterm previouslogterm prevterm preterm leaderprevlogterm prevlogentryterm lastlogterm", true},
			{"entries", "entries", "entries logs logentries entry log newentries leaderlogentries appendentries", true},
			{"leaderCommit", "number", "leadercommit leadercommitindex leadercommitidx leadercommitid commitindex committedindex leadercommitted commit commitidx", true},
		},
		reply: []role{
			{"msgTerm", "number", "term currentterm replyterm followerterm curterm peerterm", true},
			{"success", "flag", "success succ succeed successed issuccess succeeded ok accepted", true},
		},
	},
	"InstallSnapshot": {
		args: []role{
			{"msgTerm", "number", "term leaderterm currentterm curterm", true},
			{"lastIncludedIndex", "number", "lastincludedindex lastincludeindex lastincludeidx lastincludedidx lastindex snapshotindex snapshotlastindex snapshot.index lastincludedlogindex lastsnapshotindex", true},
			{"lastIncludedTerm", "number", "lastincludedterm lastincludeterm lastterm snapshotterm snapshotlastterm snapshot.term lastsnapshotterm", true},
			{"bytes", "bytes", "data snapshot snapshotdata snapshot.data", false},
		},
		reply: []role{{"msgTerm", "number", "term currentterm replyterm followerterm curterm peerterm", true}},
	},
}

var saveRoles = []role{
	{"term", "number", "currentterm term curterm", true},
	{"vote", "number", "votedfor votedto votefor voteto vote voted", true},
	{"log", "entries", "log logs entries logentries log.entries log.log log.logs logs.entries", true},
	{"snapshotIndex", "number", "lastincludedindex lastincludeindex lastsnapshotindex snapshotindex snapshotlastindex snapshot.index snapshot.lastincludedindex lastincludedidx lastincludeidx snapshotlastincludedindex lastindexinsnapshot", false},
	{"snapshotTerm", "number", "lastincludedterm lastincludeterm lastsnapshotterm snapshotterm snapshotlastterm snapshot.term snapshot.lastincludedterm snapshotlastincludedterm", false},
}

// opOf says which RPC of the paper a method is.
func opOf(method string) string {
	name := plain(method)
	switch {
	case strings.Contains(name, "prevote"):
		return "PreVote"
	case strings.Contains(name, "vote"):
		return "RequestVote"
	case strings.Contains(name, "snapshot"):
		return "InstallSnapshot"
	case strings.Contains(name, "append"), strings.Contains(name, "heartbeat"):
		return "AppendEntries"
	}
	return ""
}

// plain is a name without what only its spelling has.
func plain(name string) string {
	return strings.ToLower(strings.Replace(name, "_", "", -1))
}

func draftNames(files []*source) *draft {
	types := packageTypes(files)
	made := &draft{rpcs: []rpcDraft{}, saves: []saveDraft{}}
	for _, file := range files {
		for _, found := range file.functions() {
			op := opOf(found.decl.Name.Name)
			if op == "" || found.receiver == "" || len(found.params) != 2 || len(found.results) != 0 || !strings.HasPrefix(found.params[1].kind, "*") {
				continue
			}
			if strings.ToUpper(found.decl.Name.Name[:1]) != found.decl.Name.Name[:1] {
				continue
			}
			made.rpcs = append(made.rpcs, made.rpc(types, file, found, op))
		}
	}
	for _, file := range files {
		if !strings.HasSuffix(file.name(), "_test.go") {
			made.saves = append(made.saves, made.savesOf(types, file)...)
		}
	}
	return made
}

func (d *draft) rpc(types packageOf, file *source, found *function, op string) rpcDraft {
	rpc := rpcDraft{Method: found.decl.Name.Name, Op: op, Unknown: []string{},
		Where: fmt.Sprintf("%s:%d", file.name(), file.line(found.decl.Pos()))}
	both := roles[op]
	if op == "PreVote" {
		both = roles["RequestVote"]
	}
	rpc.Args = d.match(types, types.flat(found.params[0].kind), both.args, &rpc.Unknown, strings.TrimPrefix(found.params[0].kind, "*"))
	rpc.Reply = d.match(types, types.flat(found.params[1].kind), both.reply, &rpc.Unknown, strings.TrimPrefix(found.params[1].kind, "*"))
	return rpc
}

// match maps fields to roles: by name, else by a type that only one of them has.
func (d *draft) match(types packageOf, fields []flatField, wanted []role, unknown *[]string, of string) []nameDraft {
	drafts := []nameDraft{}
	used := map[string]bool{}
	for _, role := range wanted {
		path, rests := "", "name"
		for _, name := range strings.Fields(role.names) {
			for _, field := range fields {
				if path == "" && !used[field.path] && plain(field.path) == name && d.fits(types, field, role.kind) {
					path = field.path
				}
			}
		}
		if path == "" && (role.kind == "flag" || role.kind == "entries") {
			path, rests = onlyOne(fields, func(field flatField) bool { return d.fits(types, field, role.kind) }), "type"
		}
		if path == "" {
			if role.needed {
				*unknown = append(*unknown, of+": "+role.name)
			}
			continue
		}
		used[path] = true
		if role.kind == "entries" {
			d.learnEntry(types, fieldAt(fields, path).kind)
		}
		drafts = append(drafts, nameDraft{role.name, path, rests})
	}
	return drafts
}

func onlyOne(fields []flatField, fits func(flatField) bool) string {
	path := ""
	for _, field := range fields {
		if fits(field) {
			if path != "" {
				return ""
			}
			path = field.path
		}
	}
	return path
}

func fieldAt(fields []flatField, path string) flatField {
	for _, field := range fields {
		if field.path == path {
			return field
		}
	}
	return flatField{}
}

func (d *draft) fits(types packageOf, field flatField, kind string) bool {
	under := types.under(field.kind)
	switch kind {
	case "number":
		return isNumber(under)
	case "flag", "bool":
		return under == "bool"
	case "bytes":
		return under == "[]byte" || under == "string" || under == "[]uint8"
	case "entries":
		return types.entryOf(field.kind) != nil
	}
	return false
}

func isNumber(kind string) bool {
	return strings.HasPrefix(kind, "int") && !strings.HasPrefix(kind, "interface") || strings.HasPrefix(kind, "uint")
}

func (d *draft) learnEntry(types packageOf, list string) {
	if found := types.entryOf(list); found != nil && d.entry == nil {
		d.entry = found
	}
}

// correct puts the names of the user's file over the draft.
func (d *draft) correct(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var given struct {
		Rpcs map[string]struct {
			Op    string            `json:"op"`
			Args  map[string]string `json:"args"`
			Reply map[string]string `json:"reply"`
		} `json:"rpcs"`
		Entry *entryDraft                  `json:"entry"`
		Saves map[string]map[string]string `json:"saves"`
	}
	if err := json.Unmarshal(text, &given); err != nil {
		return fmt.Errorf("%s: %v", path, err)
	}
	if given.Entry != nil {
		d.entry = given.Entry
	}
	for i := range d.rpcs {
		rpc := &d.rpcs[i]
		if names, ok := given.Rpcs[rpc.Method]; ok {
			rpc.Args, rpc.Reply = over(names.Args), over(names.Reply)
			rpc.Unknown = []string{}
			if names.Op != "" {
				rpc.Op = names.Op
			}
		}
	}
	for i := range d.saves {
		save := &d.saves[i]
		names, ok := given.Saves[save.In]
		if !ok {
			continue
		}
		for j := range save.Parts {
			save.Parts[j] = []nameDraft{}
		}
		for role, place := range names {
			number, path := place, ""
			if colon := strings.IndexByte(place, ':'); colon >= 0 {
				number, path = place[:colon], place[colon+1:]
			}
			at, err := strconv.Atoi(number)
			if err != nil || at < 1 || at > len(save.Parts) {
				return fmt.Errorf("%s: saves.%s.%s: %q is not the number of a value that %s encodes (1 to %d)", path, save.In, role, place, save.In, len(save.Parts))
			}
			save.Parts[at-1] = append(save.Parts[at-1], nameDraft{role, path, "given"})
		}
		save.Unknown = []string{}
	}
	return nil
}

func over(names map[string]string) []nameDraft {
	drafts := []nameDraft{}
	for role, path := range names {
		drafts = append(drafts, nameDraft{role, path, "given"})
	}
	return drafts
}

// asGo is the plan as the recorder's source.
func (d *draft) asGo() string {
	var out strings.Builder
	out.WriteString("package labgob\n\nvar observePlan = observedPlan{\n\trpcs: map[string]*rpcPlan{\n")
	entry := "nil"
	if d.entry != nil {
		entry = fmt.Sprintf("&entryPlan{term: %q, command: %q, index: %q}", d.entry.Term, d.entry.Command, d.entry.Index)
	}
	for _, rpc := range d.rpcs {
		fmt.Fprintf(&out, "\t\t%q: {op: %q, args: &messagePlan{fields: %s, entry: %s}, reply: &messagePlan{fields: %s}},\n",
			rpc.Method, rpc.Op, asMap(rpc.Args), entry, asMap(rpc.Reply))
	}
	out.WriteString("\t},\n\tsaves: []*savePlan{\n")
	for _, save := range d.saves {
		var parts []string
		for _, part := range save.Parts {
			parts = append(parts, asMap(part)[len("map[string]string"):])
		}
		fmt.Fprintf(&out, "\t\t{file: %q, from: %d, to: %d, parts: []map[string]string{%s}, entry: %s},\n",
			save.File, save.From, save.To, strings.Join(parts, ", "), entry)
	}
	fmt.Fprintf(&out, "\t},\n\tasksRaft: %v,\n}\n", d.asksRaft)
	return out.String()
}

func asMap(drafts []nameDraft) string {
	var pairs []string
	for _, draft := range drafts {
		pairs = append(pairs, fmt.Sprintf("%q: %q", draft.Role, draft.Path))
	}
	return "map[string]string{" + strings.Join(pairs, ", ") + "}"
}
