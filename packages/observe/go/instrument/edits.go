package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// edits gathers what is observed, and what could not be placed.
type edits struct {
	lab      *lab
	observed []string
	missing  []string
}

func instrument(l *lab) *edits {
	e := &edits{lab: l, observed: []string{}, missing: []string{}}
	for _, file := range l.files {
		switch {
		case file.name() == "labrpc.go":
			e.labrpc(file)
		case file.name() == "labgob.go":
			e.labgob(file)
		case file.dir() == l.raft:
			e.raft(file)
		}
		if file.name() != "labgob.go" && file.name() != "labrpc.go" {
			e.persister(file)
			e.harness(file)
		}
	}
	e.expect("a Persister with Save", "Persister.Save")
	e.expect("applyCh is read", "applyCh")
	e.expect("a tester that begins with *testing.T", "TestBegin")
	e.expect("Start(command) of Raft", "Start")
	return e
}

func (e *edits) saw(what string) {
	for _, known := range e.observed {
		if known == what {
			return
		}
	}
	e.observed = append(e.observed, what)
}

func (e *edits) misses(format string, args ...interface{}) {
	e.missing = append(e.missing, fmt.Sprintf(format, args...))
}

// expect says that nothing of that kind was found.
func (e *edits) expect(what, prefix string) {
	for _, known := range e.observed {
		if strings.HasPrefix(known, prefix) {
			return
		}
	}
	e.misses("%s: not found; it is not observed", what)
}

// recorder is how a file names the recorder, which lies in labgob.
func (e *edits) recorder(file *source) string {
	for _, spec := range file.syntax.Imports {
		if strings.Trim(spec.Path.Value, `"`) == e.lab.labgob && spec.Name == nil {
			return "labgob"
		}
	}
	const own = `; import raftlensLabgob "`
	text := own + e.lab.labgob + `"`
	at := file.offset(file.syntax.Name.End())
	for _, known := range file.inserts {
		if known.at == at {
			return "raftlensLabgob"
		}
	}
	file.inserts = append(file.inserts, insert{at, text})
	return "raftlensLabgob"
}

// ---- labrpc: the network.

func (e *edits) labrpc(file *source) {
	e.field(file, "reqMsg", "observedID int64; observedAt *labgob.ObservedServer;")
	e.field(file, "Server", "observed *labgob.ObservedServer;")
	e.call(file)
	e.dispatch(file)
	e.around(file, "", "MakeNetwork", 0, "", "labgob.ObserveNetwork(r0)")
	e.around(file, "Network", "MakeEnd", 1, "", "labgob.ObserveEnd(self, p0, r0)")
	e.around(file, "Network", "Connect", 2, "labgob.ObserveConnect(self, p0, p1)", "")
	e.around(file, "Network", "Enable", 2, "labgob.ObserveEnable(self, p0, p1)", "")
	e.around(file, "Network", "AddServer", 2, "p1.observed = labgob.ObserveAddServer(self, p0)", "")
	e.around(file, "Network", "Reliable", 1, `labgob.ObserveFault(self, "unreliable", !p0)`, "")
	e.around(file, "Network", "LongReordering", 1, `labgob.ObserveFault(self, "long-reordering", p0)`, "")
	e.around(file, "Network", "LongDelays", 1, `labgob.ObserveFault(self, "long-delays", p0)`, "")
}

// around wraps a function of the labs where it is as expected.
func (e *edits) around(file *source, receiver, name string, params int, before, after string) {
	found := file.function(receiver, name)
	shown := name
	if receiver != "" {
		shown = receiver + "." + name
	}
	if found == nil || len(found.params) != params {
		e.misses("%s: %s is not as the labs have it; it is not observed", file.name(), shown)
		return
	}
	found.wrapped(before, after)
	e.saw(shown)
}

func (e *edits) field(file *source, typeName, fields string) {
	for _, decl := range file.syntax.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok || general.Tok != token.TYPE {
			continue
		}
		for _, spec := range general.Specs {
			named, ok := spec.(*ast.TypeSpec)
			if !ok || named.Name.Name != typeName {
				continue
			}
			if of, ok := named.Type.(*ast.StructType); ok {
				file.put(of.Fields.Opening+1, " "+fields)
				return
			}
		}
	}
	e.misses("%s: type %s is not as the labs have it", file.name(), typeName)
}

// call edits ClientEnd.Call: the bytes of the request go by the recorder, and so does what came back.
func (e *edits) call(file *source) {
	found := file.function("ClientEnd", "Call")
	if found == nil || len(found.params) != 3 {
		e.misses("%s: ClientEnd.Call is not as the labs have it; no message is observed", file.name())
		return
	}
	request, answered := "", false
	ast.Inspect(found.decl.Body, func(node ast.Node) bool {
		assign, ok := node.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 {
			return true
		}
		left, right := file.of(assign.Lhs[0]), file.of(assign.Rhs[0])
		if strings.HasSuffix(left, ".args") && request == "" {
			request = strings.TrimSuffix(left, ".args")
			file.put(assign.End(), fmt.Sprintf("; %s.observedID = labgob.ObserveSent(%s, %s, %s, %s, %s.args)", request,
				found.self, found.params[0].name, found.params[1].name, found.params[2].name, request))
		}
		if strings.HasPrefix(right, "<-") && strings.HasSuffix(right, ".replyCh") && request != "" {
			answered = true
			file.put(assign.End(), fmt.Sprintf("; labgob.ObserveReturned(%s.observedID, %s.ok)", request, left))
		}
		return true
	})
	if request == "" || !answered {
		e.misses("%s: ClientEnd.Call is not as the labs have it; messages are not observed in full", file.name())
		return
	}
	e.saw("ClientEnd.Call")
}

// dispatch edits the two dispatchers: which server got it, when the handler began, and what it answered.
func (e *edits) dispatch(file *source) {
	outer, inner := file.function("Server", "dispatch"), file.function("Service", "dispatch")
	if outer == nil || inner == nil || len(outer.params) != 1 || len(inner.params) != 2 {
		e.misses("%s: Server.dispatch or Service.dispatch is not as the labs have it; arrivals are not observed", file.name())
		return
	}
	outer.atStart(fmt.Sprintf("%s.observedAt = %s.observed", outer.params[0].name, outer.self))
	request := inner.params[1].name
	called, answered := false, false
	ast.Inspect(inner.decl.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ExprStmt:
			if call, ok := node.X.(*ast.CallExpr); ok && strings.HasSuffix(file.of(call.Fun), ".Call") && !called {
				called = true
				file.put(node.Pos(), fmt.Sprintf("labgob.ObserveReceived(%s.observedID, %s.observedAt); ", request, request))
			}
		case *ast.CompositeLit:
			if file.of(node.Type) == "replyMsg" && len(node.Elts) == 2 && file.of(node.Elts[0]) == "true" {
				answered = true
				file.wrap(node.Elts[1], fmt.Sprintf("labgob.ObserveAnswered(%s.observedID, ", request), ")")
			}
		}
		return true
	})
	if !called || !answered {
		e.misses("%s: Service.dispatch is not as the labs have it; handlers are not observed in full", file.name())
		return
	}
	e.saw("Service.dispatch")
}

// ---- labgob: what is encoded.

func (e *edits) labgob(file *source) {
	e.field(file, "LabEncoder", "observed observedEncoder;")
	made := false
	if found := file.function("", "NewEncoder"); found != nil {
		ast.Inspect(found.decl.Body, func(node ast.Node) bool {
			assign, ok := node.(*ast.AssignStmt)
			if !ok || len(assign.Rhs) != 1 {
				return true
			}
			call, ok := assign.Rhs[0].(*ast.CallExpr)
			target, selector := assign.Lhs[0].(*ast.SelectorExpr)
			if ok && selector && file.of(call.Fun) == "gob.NewEncoder" && len(call.Args) == 1 {
				made = true
				file.wrap(call.Args[0], file.of(target.X)+".observed.observe(", ")")
			}
			return true
		})
	}
	encode := file.function("LabEncoder", "Encode")
	if !made || encode == nil || len(encode.params) != 1 {
		e.misses("%s: NewEncoder or LabEncoder.Encode is not as the labs have it; what is durable is not observed", file.name())
		return
	}
	encode.wrapped("", "self.observed.encoded(reflect.TypeOf(p0))")
	e.saw("LabEncoder.Encode")
}

// ---- the persister.

func (e *edits) persister(file *source) {
	for _, found := range file.functions() {
		if found.receiver != "Persister" {
			continue
		}
		name := found.decl.Name.Name
		var bytes []string
		for _, p := range found.params {
			if p.kind == "[]byte" {
				bytes = append(bytes, p.name)
			}
		}
		switch {
		case name == "Copy":
			found.afterLock(fmt.Sprintf("%s.ObserveSuperseded(%s)", e.recorder(file), found.self))
			e.saw("Persister.Copy")
		case (name == "Save" || name == "SaveStateAndSnapshot") && len(bytes) == 2:
			found.afterLock(fmt.Sprintf("%s.ObserveSaved(%s, %s, %s, true)", e.recorder(file), found.self, bytes[0], bytes[1]))
			e.saw("Persister.Save (" + name + ")")
		case name == "SaveRaftState" && len(bytes) == 1:
			found.afterLock(fmt.Sprintf("%s.ObserveSaved(%s, %s, nil, false)", e.recorder(file), found.self, bytes[0]))
			e.saw("Persister.Save (" + name + ")")
		}
	}
}

// ---- the Raft: only who is made, what is asked of it, and what that gave.

func (e *edits) raft(file *source) {
	if made := file.function("", "Make"); made != nil && len(made.params) == 4 && len(made.results) == 1 {
		made.wrapped("made := "+e.recorder(file)+".ObserveBoot(p0, p1, p2, p3)", e.recorder(file)+".ObserveRaft(r0, made)")
		e.saw("Make")
	}
	if start := file.function("Raft", "Start"); start != nil && len(start.params) == 1 && strings.Join(start.results, ",") == "int,int,bool" {
		recorder := e.recorder(file)
		start.wrapped(recorder+".ObserveStarting(self)", recorder+".ObserveStarted(self, p0, r0, r1, r2)")
		e.saw("Start")
	}
	if asked := file.function("Raft", "CondInstallSnapshot"); asked != nil && strings.Join(asked.results, ",") == "bool" && len(asked.params) == 3 {
		asked.wrapped("", e.recorder(file)+".ObserveInstalled(self, p0, p1, r0)")
		e.saw("CondInstallSnapshot")
	}
	if taken := file.function("Raft", "Snapshot"); taken != nil && len(taken.params) == 2 && taken.params[0].kind == "int" {
		recorder := e.recorder(file)
		taken.wrapped("called := "+recorder+".ObserveSnapshot(self, p0)", recorder+".ObserveReturn(called)")
		e.saw("Snapshot")
	}
}

// ---- the tester.

func (e *edits) harness(file *source) {
	for _, found := range file.functions() {
		name := found.decl.Name.Name
		if t := testingParam(found); t != "" && (name == "make_config" || name == "MakeConfig" || name == "makeConfig") {
			found.atStart(fmt.Sprintf("%s.ObserveTestBegin(%s.Name())", e.recorder(file), t))
			e.saw("TestBegin (" + name + ")")
		}
		if (name == "cleanup" || name == "Cleanup") && len(found.params) == 0 && hasTesting(file, found.receiver) {
			found.atStart(fmt.Sprintf("%s.ObserveTestEnd(%s.t.Name(), %s.t.Failed())", e.recorder(file), found.self, found.self))
			e.saw("TestEnd (" + found.receiver + "." + name + ")")
		}
		if found.receiver == "" && strings.HasPrefix(name, "AnnotateChecker") && allStrings(found) {
			found.wrapped(fmt.Sprintf("%s.ObserveNote(%q%s)", e.recorder(file), annotated(name), given(found)), "")
			e.saw("annotations")
		}
		e.clerk(file, found)
		e.applies(file, found)
	}
}

// clerk observes what a client of the key/value service asks, and what it gets.
func (e *edits) clerk(file *source, found *function) {
	name := found.decl.Name.Name
	if found.receiver != "Clerk" || file.dir() != e.lab.target || len(found.params) == 0 || found.params[0].kind != "string" {
		return
	}
	if name != "Get" && name != "Put" && name != "Append" {
		return
	}
	written, got := "", ""
	for i := range found.params[1:] {
		written += fmt.Sprintf(", p%d", i+1)
	}
	for i := range found.results {
		got += fmt.Sprintf(", r%d", i)
	}
	recorder := e.recorder(file)
	found.wrapped(fmt.Sprintf("asked := %s.ObserveInvoke(self, %q, p0%s)", recorder, strings.ToLower(name), written),
		fmt.Sprintf("%s.ObserveGot(asked%s)", recorder, got))
	e.saw("clients (Clerk." + name + ")")
}

func testingParam(found *function) string {
	for _, p := range found.params {
		if p.kind == "*testing.T" {
			return p.name
		}
	}
	return ""
}

// hasTesting says whether the struct has a field t of the testing package.
func hasTesting(file *source, typeName string) bool {
	has := false
	ast.Inspect(file.syntax, func(node ast.Node) bool {
		named, ok := node.(*ast.TypeSpec)
		if !ok || named.Name.Name != typeName {
			return true
		}
		if of, ok := named.Type.(*ast.StructType); ok {
			for _, field := range of.Fields.List {
				for _, name := range field.Names {
					has = has || name.Name == "t" && file.of(field.Type) == "*testing.T"
				}
			}
		}
		return true
	})
	return has
}

func allStrings(found *function) bool {
	for _, p := range found.params {
		if p.kind != "string" {
			return false
		}
	}
	return len(found.results) == 0
}

func annotated(name string) string {
	return "tester: " + strings.ToLower(strings.TrimPrefix(name, "AnnotateChecker"))
}

func given(found *function) string {
	text := ""
	for i := range found.params {
		text += fmt.Sprintf(", p%d", i)
	}
	return text
}

// applies finds who reads applyCh: a loop over it, or a receive that is a statement or a case.
func (e *edits) applies(file *source, found *function) {
	tell := func(pos token.Pos, before, after, channel string, message ast.Expr) {
		file.put(pos, fmt.Sprintf("%s%s.ObserveApplied(%s, %s)%s", before, e.recorder(file), channel, file.of(message), after))
		e.saw("applyCh (" + found.decl.Name.Name + ")")
	}
	statements := func(list []ast.Stmt) {
		for _, stmt := range list {
			if assign, ok := stmt.(*ast.AssignStmt); ok {
				if channel, ok := received(file, assign); ok {
					tell(assign.End(), "; ", "", channel, assign.Lhs[0])
				}
			}
		}
	}
	ast.Inspect(found.decl.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.BlockStmt:
			statements(node.List)
		case *ast.CaseClause:
			statements(node.Body)
		case *ast.RangeStmt:
			if node.Key != nil && node.Value == nil && isApplyChannel(file.of(node.X)) && file.of(node.Key) != "_" {
				tell(node.Body.Lbrace+1, " ", "; ", file.of(node.X), node.Key)
			}
		case *ast.CommClause:
			statements(node.Body)
			if assign, ok := node.Comm.(*ast.AssignStmt); ok {
				if channel, ok := received(file, assign); ok {
					tell(node.Colon+1, " ", "; ", channel, assign.Lhs[0])
				}
			}
		}
		return true
	})
}

func received(file *source, assign *ast.AssignStmt) (string, bool) {
	if len(assign.Rhs) != 1 || file.of(assign.Lhs[0]) == "_" {
		return "", false
	}
	from, ok := assign.Rhs[0].(*ast.UnaryExpr)
	if !ok || from.Op != token.ARROW || !isApplyChannel(file.of(from.X)) {
		return "", false
	}
	return file.of(from.X), true
}

func isApplyChannel(expr string) bool {
	name := strings.ToLower(expr[strings.LastIndex(expr, ".")+1:])
	return strings.HasPrefix(name, "apply") && (strings.HasSuffix(name, "ch") || strings.HasSuffix(name, "chan") || strings.HasSuffix(name, "channel"))
}
