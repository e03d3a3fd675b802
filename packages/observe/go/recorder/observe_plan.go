package labgob

import (
	"reflect"
	"strconv"
	"strings"
)

// The plan says which of the student's names is which of the paper's. It is drafted before the build (observed_plan.go), and followed here
// by reflection.

// rpcPlan is one RPC of Raft's.
type rpcPlan struct {
	op    string
	args  *messagePlan
	reply *messagePlan
}

// messagePlan says where the fields of a message are: a path of names, or "path=value" for a flag that is told by a number.
type messagePlan struct {
	fields map[string]string
	entry  *entryPlan
}

type entryPlan struct{ term, command, index string }

// savePlan is one place in the student's source that encodes what is saved.
type savePlan struct {
	file     string // the name of the file, without its folder
	from, to int    // lines
	parts    []map[string]string
	entry    *entryPlan
}

type observedPlan struct {
	rpcs  map[string]*rpcPlan
	saves []*savePlan
	// The service asks Raft by CondInstallSnapshot whether a snapshot that came out of applyCh is to be installed, as it did until 2023.
	asksRaft bool
}

// at follows a path of field names. Not valid where there is no such field.
func at(value reflect.Value, path string) reflect.Value {
	for path != "" {
		for value.Kind() == reflect.Ptr || value.Kind() == reflect.Interface {
			if value.IsNil() {
				return reflect.Value{}
			}
			value = value.Elem()
		}
		if value.Kind() != reflect.Struct {
			return reflect.Value{}
		}
		name := path
		if dot := strings.IndexByte(path, '.'); dot >= 0 {
			name, path = path[:dot], path[dot+1:]
		} else {
			path = ""
		}
		value = value.FieldByName(name)
		if !value.IsValid() {
			return value
		}
	}
	for value.Kind() == reflect.Ptr || value.Kind() == reflect.Interface {
		if value.IsNil() {
			return reflect.Value{}
		}
		value = value.Elem()
	}
	return value
}

func integer(value reflect.Value) (int64, bool) {
	switch value.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return value.Int(), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return int64(value.Uint()), true
	}
	return 0, false
}

// message is what a message says, in the student's numbering of the log.
type message struct {
	numbers map[string]int64
	flags   map[string]bool
	entries []entry
	hasList bool // the list of entries was found
	whole   bool // and each entry could be read
	bytes   int
}

type entry struct {
	term  int64
	index int64 // as the entry itself says, where it does
	hash  string
}

func (p *messagePlan) read(value reflect.Value) message {
	said := message{numbers: map[string]int64{}, flags: map[string]bool{}, bytes: -1}
	if p == nil || !value.IsValid() {
		return said
	}
	for role, path := range p.fields {
		wanted := ""
		if equals := strings.IndexByte(path, '='); equals >= 0 {
			path, wanted = path[:equals], path[equals+1:]
		}
		field := at(value, path)
		switch {
		case role == "entries":
			said.hasList = field.Kind() == reflect.Slice
			said.entries, said.whole = p.entry.readAll(field)
		case role == "bytes":
			if field.Kind() == reflect.Slice || field.Kind() == reflect.String {
				said.bytes = field.Len()
			}
		case wanted != "":
			if number, ok := integer(field); ok {
				said.flags[role] = strconv.FormatInt(number, 10) == wanted
			}
		case field.Kind() == reflect.Bool:
			said.flags[role] = field.Bool()
		default:
			if number, ok := integer(field); ok {
				said.numbers[role] = number
			}
		}
	}
	return said
}

// readAll reads a slice of entries, of structs or pointers to structs.
func (p *entryPlan) readAll(list reflect.Value) ([]entry, bool) {
	if list.Kind() != reflect.Slice || p == nil {
		return nil, false
	}
	entries := make([]entry, list.Len())
	for i := range entries {
		value := list.Index(i)
		term, ok := integer(at(value, p.term))
		if p.term == "" || !ok {
			return nil, false
		}
		entries[i].term = term
		entries[i].index = -1
		if p.index != "" {
			entries[i].index, _ = integer(at(value, p.index))
		}
		// What was decoded is our own: nobody else changes it.
		entries[i].hash, _ = hashOf(at(value, p.command), true)
	}
	return entries, true
}

// hashOf is the digest of a command: FNV-1a of what it holds, the same before and after it has travelled.
//
// own says that the value is ours. A command that the student's code still holds is read only where nothing in it can change: what lies
// behind a pointer, a map or a slice may be changed by its goroutines, and then the digest is not known.
func hashOf(value reflect.Value, own bool) (string, bool) {
	hash := digest(2166136261)
	// No command is no entry of the log: what stands for a snapshot, or one whose command was dropped.
	if !value.IsValid() || !hash.add(value, own, 0) {
		return "?", false
	}
	const hex = "0123456789abcdef"
	var text [8]byte
	for i := range text {
		text[i] = hex[(uint32(hash)>>(28-4*uint(i)))&15]
	}
	return string(text[:]), true
}

type digest uint32

func (d *digest) byte(b byte) { *d = (*d ^ digest(b)) * 16777619 }

func (d *digest) text(s string) {
	for i := 0; i < len(s); i++ {
		d.byte(s[i])
	}
}

// add folds a value in. Zero values of fields are left out, as gob leaves them out: nil and empty are the same after the journey.
func (d *digest) add(value reflect.Value, own bool, depth int) bool {
	if depth > 16 {
		return false
	}
	switch value.Kind() {
	case reflect.Invalid:
		d.text("nil")
	case reflect.String:
		d.text(value.String())
	case reflect.Bool:
		d.text(strconv.FormatBool(value.Bool()))
	case reflect.Float32, reflect.Float64:
		d.text(strconv.FormatFloat(value.Float(), 'g', -1, 64))
	case reflect.Interface:
		return d.add(value.Elem(), own, depth+1)
	case reflect.Ptr:
		return (own || value.IsNil()) && d.add(value.Elem(), own, depth+1)
	case reflect.Struct:
		return d.fields(value, own, depth)
	case reflect.Slice, reflect.Array:
		return d.items(value, own, depth)
	case reflect.Map:
		// The order of a map's keys is not the map's: it is not told.
		return value.Len() == 0
	default:
		number, ok := integer(value)
		d.text(strconv.FormatInt(number, 10))
		return ok
	}
	return true
}

func (d *digest) fields(value reflect.Value, own bool, depth int) bool {
	d.byte('{')
	for i := 0; i < value.NumField(); i++ {
		name := value.Type().Field(i)
		if name.PkgPath != "" || isEmpty(value.Field(i)) {
			continue
		}
		d.text(name.Name)
		d.byte(':')
		if !d.add(value.Field(i), own, depth+1) {
			return false
		}
	}
	d.byte('}')
	return true
}

func (d *digest) items(value reflect.Value, own bool, depth int) bool {
	if value.Kind() == reflect.Slice && value.Len() > 0 && !own {
		return false
	}
	d.byte('[')
	for i := 0; i < value.Len(); i++ {
		if !d.add(value.Index(i), own, depth+1) {
			return false
		}
		d.byte(',')
	}
	d.byte(']')
	return true
}

func isEmpty(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.Slice, reflect.Map, reflect.String, reflect.Array:
		return value.Len() == 0
	case reflect.Ptr, reflect.Interface:
		return value.IsNil()
	case reflect.Bool:
		return !value.Bool()
	case reflect.Float32, reflect.Float64:
		return value.Float() == 0
	}
	number, ok := integer(value)
	return ok && number == 0
}
