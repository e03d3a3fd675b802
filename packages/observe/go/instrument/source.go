package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// source is one file and what is put into it. Text is inserted on the lines that are there, so that the numbers of lines stay as they are.
type source struct {
	path    string
	text    string
	fset    *token.FileSet
	syntax  *ast.File
	inserts []insert
}

type insert struct {
	at   int
	text string
}

func readSource(path string) (*source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, path, text, 0)
	if err != nil {
		return nil, fmt.Errorf("%s does not parse: %v", path, err)
	}
	return &source{path: path, text: string(text), fset: fset, syntax: syntax}, nil
}

func (s *source) name() string { return filepath.Base(s.path) }

func (s *source) dir() string { return filepath.Dir(s.path) }

func (s *source) offset(pos token.Pos) int { return s.fset.Position(pos).Offset }

func (s *source) line(pos token.Pos) int { return s.fset.Position(pos).Line }

func (s *source) of(node ast.Node) string { return s.text[s.offset(node.Pos()):s.offset(node.End())] }

func (s *source) put(pos token.Pos, text string) {
	s.inserts = append(s.inserts, insert{s.offset(pos), text})
}

// wrap puts text around an expression.
func (s *source) wrap(node ast.Node, before, after string) {
	s.put(node.Pos(), before)
	s.put(node.End(), after)
}

// replace puts other text in the place of a name.
func (s *source) edited() string {
	sort.SliceStable(s.inserts, func(i, j int) bool { return s.inserts[i].at < s.inserts[j].at })
	var out strings.Builder
	from := 0
	for _, insert := range s.inserts {
		out.WriteString(s.text[from:insert.at])
		out.WriteString(insert.text)
		from = insert.at
	}
	out.WriteString(s.text[from:])
	return out.String()
}

// function is a declaration with what an edit needs of it.
type function struct {
	file     *source
	decl     *ast.FuncDecl
	receiver string // the type's name, without the star
	self     string // the receiver's own name
	params   []param
	results  []string
}

type param struct{ name, kind string }

// function finds a function, or a method where receiver is a type's name. nil where there is none.
func (s *source) function(receiver, name string) *function {
	for _, found := range s.functions() {
		if found.decl.Name.Name == name && found.receiver == receiver {
			return found
		}
	}
	return nil
}

func (s *source) functions() []*function {
	var all []*function
	for _, decl := range s.syntax.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
			all = append(all, s.describe(decl))
		}
	}
	return all
}

func (s *source) describe(decl *ast.FuncDecl) *function {
	found := &function{file: s, decl: decl}
	if decl.Recv != nil && len(decl.Recv.List) == 1 {
		of := decl.Recv.List[0]
		found.receiver = strings.TrimPrefix(s.of(of.Type), "*")
		if len(of.Names) == 1 {
			found.self = of.Names[0].Name
		}
	}
	for _, field := range decl.Type.Params.List {
		kind := s.of(field.Type)
		if len(field.Names) == 0 {
			found.params = append(found.params, param{"", kind})
		}
		for _, name := range field.Names {
			found.params = append(found.params, param{name.Name, kind})
		}
	}
	if decl.Type.Results != nil {
		for _, field := range decl.Type.Results.List {
			for range max1(field.Names) {
				found.results = append(found.results, s.of(field.Type))
			}
		}
	}
	return found
}

func max1(names []*ast.Ident) []*ast.Ident {
	if len(names) == 0 {
		return []*ast.Ident{nil}
	}
	return names
}

// atStart puts a statement at the beginning of the body.
func (f *function) atStart(statement string) {
	f.file.put(f.decl.Body.Lbrace+1, " "+statement+"; ")
}

// wrapped renames the function and puts one of its own name before it, on the same line, which calls it. before and after are statements;
// the parameters are p0, p1 ... and the results r0, r1 ...
func (f *function) wrapped(before, after string) {
	hidden := "raftlens" + f.decl.Name.Name
	head, call := "func ", hidden
	if f.receiver != "" {
		recv := f.file.of(f.decl.Recv.List[0].Type)
		head += "(self " + recv + ") "
		call = "self." + hidden
	}
	var params, given, results, got []string
	for i, p := range f.params {
		params = append(params, fmt.Sprintf("p%d %s", i, p.kind))
		dots := ""
		if strings.HasPrefix(p.kind, "...") {
			dots = "..."
		}
		given = append(given, fmt.Sprintf("p%d%s", i, dots))
	}
	for i, kind := range f.results {
		results = append(results, fmt.Sprintf("r%d %s", i, kind))
		got = append(got, fmt.Sprintf("r%d", i))
	}
	call += "(" + strings.Join(given, ", ") + ")"
	if len(got) > 0 {
		call = strings.Join(got, ", ") + " = " + call
	}
	result := ""
	if len(results) > 0 {
		result = " (" + strings.Join(results, ", ") + ")"
	}
	body := strings.Join(nonEmpty(before, call, after, "return"), "; ")
	f.file.put(f.decl.Pos(), head+f.decl.Name.Name+"("+strings.Join(params, ", ")+")"+result+" { "+body+" }; ")
	f.file.put(f.decl.Name.Pos(), "raftlens")
}

func nonEmpty(parts ...string) []string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return kept
}

// atEndOfLock puts a statement behind the locking that the body begins with, else at its start.
func (f *function) afterLock(statement string) {
	var last ast.Stmt
	for _, stmt := range f.decl.Body.List {
		text := f.file.of(stmt)
		if !strings.HasSuffix(text, "Lock()") && !strings.HasSuffix(text, "Unlock()") {
			break
		}
		last = stmt
	}
	if last == nil {
		f.atStart(statement)
		return
	}
	f.file.put(last.End(), "; "+statement)
}
