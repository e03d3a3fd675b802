package main

import (
	"go/ast"
	"strings"
)

// packageOf is what the declarations of a package say of its types, by name. No type checker: the lab may not even compile yet.
type packageOf struct {
	structs map[string][]flatField
	named   map[string]string // other types: what they are
}

// flatField is a field of a struct, or of a struct in it: "Snapshot.Index".
type flatField struct{ path, kind string }

func packageTypes(files []*source) packageOf {
	types := packageOf{map[string][]flatField{}, map[string]string{}}
	for _, file := range files {
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			spec, ok := node.(*ast.TypeSpec)
			if !ok {
				return true
			}
			of, ok := spec.Type.(*ast.StructType)
			if !ok {
				types.named[spec.Name.Name] = file.of(spec.Type)
				return true
			}
			types.structs[spec.Name.Name] = fieldsOf(file, of)
			return true
		})
	}
	return types
}

func fieldsOf(file *source, of *ast.StructType) []flatField {
	fields := []flatField{}
	for _, field := range of.Fields.List {
		kind := file.of(field.Type)
		if len(field.Names) == 0 {
			// An embedded struct goes by the name of its type.
			fields = append(fields, flatField{baseName(kind), kind})
		}
		for _, name := range field.Names {
			fields = append(fields, flatField{name.Name, kind})
		}
	}
	return fields
}

func baseName(kind string) string {
	kind = strings.TrimLeft(kind, "*[]")
	return kind[strings.LastIndex(kind, ".")+1:]
}

// under is what a type is in the end: a named type is followed.
func (p packageOf) under(kind string) string {
	kind = strings.TrimPrefix(kind, "*")
	for i := 0; i < 8; i++ {
		next, ok := p.named[kind]
		if !ok {
			return kind
		}
		kind = strings.TrimPrefix(next, "*")
	}
	return kind
}

// flat gives the fields of a struct, those of the structs in it after its own.
func (p packageOf) flat(kind string) []flatField {
	fields := p.structs[p.under(kind)]
	all := append([]flatField{}, fields...)
	for _, field := range fields {
		for _, inner := range p.structs[p.under(field.kind)] {
			all = append(all, flatField{field.path + "." + inner.path, inner.kind})
		}
	}
	return all
}

// entryOf says how an entry is made, where the type is a list of them: structs with a term.
func (p packageOf) entryOf(list string) *entryDraft {
	kind := p.under(list)
	if !strings.HasPrefix(kind, "[]") {
		return nil
	}
	element := strings.TrimPrefix(strings.TrimPrefix(kind, "[]"), "*")
	fields := p.flat(element)
	number := func(field flatField) bool { return isNumber(p.under(field.kind)) }
	found := &entryDraft{
		Type:    element,
		Term:    named(fields, "term entryterm logterm commandterm leaderterm", number),
		Command: named(fields, "command cmd data value entry content op log cmds payload", func(flatField) bool { return true }),
		Index:   named(fields, "index idx logindex entryindex commandindex", number),
	}
	if found.Command == "" {
		found.Command = onlyOne(fields, func(field flatField) bool {
			return field.kind == "interface{}" || field.kind == "any"
		})
	}
	if found.Term == "" || found.Command == "" {
		return nil
	}
	return found
}

// named gives the field with the first of the names that one has.
func named(fields []flatField, names string, fits func(flatField) bool) string {
	for _, name := range strings.Fields(names) {
		for _, field := range fields {
			if plain(field.path) == name && fits(field) {
				return field.path
			}
		}
	}
	return ""
}
