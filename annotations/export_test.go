package annotations

import "github.com/webapi-gen/webapi-gen/annotations/diag"

// ReadSpecWhole reads a spec as one document.
func ReadSpecWhole(src Source) (*Spec, diag.List) { return readWhole(src) }

// ReadSpecPieces reads a spec in pieces of at least size bytes. It returns nil if the
// spec cannot be read so.
func ReadSpecPieces(src Source, size int) *Spec { return readPieces(src, size) }
