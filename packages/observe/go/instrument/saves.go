package main

import (
	"go/ast"
	"strings"
)

// savesOf finds the functions that encode what is saved: those that make a labgob encoder and give it a term.
func (d *draft) savesOf(types packageOf, file *source) []saveDraft {
	var all []saveDraft
	for _, found := range file.functions() {
		values := encodedIn(file, found)
		if len(values) == 0 {
			continue
		}
		save := saveDraft{File: file.name(), From: file.line(found.decl.Pos()), To: file.line(found.decl.End()),
			In: found.decl.Name.Name, Exprs: []string{}, Parts: [][]nameDraft{}, Unknown: []string{}}
		has := map[string]bool{}
		for _, value := range values {
			part := d.part(types, file, found, value)
			for _, known := range part {
				has[known.Role] = true
			}
			save.Exprs = append(save.Exprs, file.of(value))
			save.Parts = append(save.Parts, part)
		}
		if !has["term"] && !has["vote"] && !has["log"] {
			continue // some other encoding: a snapshot, a command
		}
		for _, role := range saveRoles {
			if role.needed && !has[role.name] {
				save.Unknown = append(save.Unknown, save.In+": "+role.name)
			}
		}
		all = append(all, save)
	}
	return all
}

// encodedIn gives the values that a function encodes, in order. Nothing where it makes no encoder itself, or encodes in a loop.
func encodedIn(file *source, found *function) []ast.Expr {
	var values []ast.Expr
	makes, loops := false, false
	ast.Inspect(found.decl.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if strings.Contains(file.of(node), ".Encode(") {
				loops = true
			}
		case *ast.CallExpr:
			called := file.of(node.Fun)
			makes = makes || strings.HasSuffix(called, "labgob.NewEncoder")
			if strings.HasSuffix(called, ".Encode") && len(node.Args) == 1 {
				values = append(values, node.Args[0])
			}
		}
		return true
	})
	if !makes || loops {
		return nil
	}
	return values
}

// part says what an encoded value is: a field of Raft by its name, or a struct by the names of its fields.
func (d *draft) part(types packageOf, file *source, found *function, value ast.Expr) []nameDraft {
	kind := types.kindOf(file, found, value)
	name := plain(strings.TrimPrefix(file.of(value), "&"))
	best, length := "", 0
	for _, role := range saveRoles {
		if role.kind == "entries" && kind != "" && types.entryOf(kind) == nil {
			continue
		}
		for _, known := range strings.Fields(role.names) {
			// The longest one: snapshot.term is not the server's term.
			if (name == known || strings.HasSuffix(name, "."+known)) && len(known) > length {
				best, length = role.name, len(known)
			}
		}
	}
	if best == "log" {
		d.learnEntry(types, kind)
	}
	if best != "" {
		return []nameDraft{{best, "", "name"}}
	}
	if kind == "" {
		return []nameDraft{}
	}
	var ignored []string
	return d.match(types, types.flat(kind), saveRoles, &ignored, name)
}

// kindOf gives the type of an expression where the declarations say it: rf.log, rf.log.entries, a local made from a literal. Else "".
func (p packageOf) kindOf(file *source, found *function, value ast.Expr) string {
	switch value := value.(type) {
	case *ast.UnaryExpr:
		return p.kindOf(file, found, value.X)
	case *ast.StarExpr:
		return p.kindOf(file, found, value.X)
	case *ast.CompositeLit:
		return file.of(value.Type)
	case *ast.SelectorExpr:
		of := p.kindOf(file, found, value.X)
		for _, field := range p.structs[p.under(of)] {
			if field.path == value.Sel.Name {
				return field.kind
			}
		}
	case *ast.Ident:
		if value.Name == found.self {
			return found.receiver
		}
		for _, param := range found.params {
			if param.name == value.Name {
				return param.kind
			}
		}
		return p.kindOfLocal(file, found, value.Name)
	}
	return ""
}

func (p packageOf) kindOfLocal(file *source, found *function, name string) string {
	kind := ""
	ast.Inspect(found.decl.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for i, left := range node.Lhs {
				if file.of(left) == name && kind == "" && i < len(node.Rhs) && file.of(node.Rhs[i]) != name {
					kind = p.kindOf(file, found, node.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			if len(node.Names) == 1 && node.Names[0].Name == name && node.Type != nil {
				kind = file.of(node.Type)
			}
		}
		return true
	})
	return kind
}
