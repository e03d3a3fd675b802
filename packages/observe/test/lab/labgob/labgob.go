// Package labgob encodes what travels and what is saved. It is shaped like the labs' package of that name, in words of our own: the
// recorder is put into either.
package labgob

import (
	"encoding/gob"
	"io"
	"reflect"
)

type LabEncoder struct {
	gob *gob.Encoder
}

func NewEncoder(w io.Writer) *LabEncoder {
	enc := &LabEncoder{}
	enc.gob = gob.NewEncoder(w)
	return enc
}

func (enc *LabEncoder) Encode(e interface{}) error { return enc.gob.Encode(e) }

type LabDecoder struct {
	gob *gob.Decoder
}

func NewDecoder(r io.Reader) *LabDecoder {
	dec := &LabDecoder{}
	dec.gob = gob.NewDecoder(r)
	return dec
}

func (dec *LabDecoder) Decode(e interface{}) error { return dec.gob.Decode(e) }

// EncodeValue is what the dispatcher encodes replies with.
func (enc *LabEncoder) EncodeValue(value reflect.Value) error { return enc.gob.EncodeValue(value) }
