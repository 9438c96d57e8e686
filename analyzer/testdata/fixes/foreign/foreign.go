package foreign

import (
	. "example.com/notes"

	"github.com/webapi-gen/webapi-gen/webapi"
)

var foreign = []webapi.Scope{webapi.Scope("note:read")} // want `write NoteScopeRead`

func shadowed(n NoteResource) {
	const NoteScopeWrite = 1
	_ = []webapi.Scope{"note:write"} // want `write notes.NoteScopeWrite of package`
}
