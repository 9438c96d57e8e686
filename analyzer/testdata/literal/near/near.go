// Package near knows the scopes of notes, which it does not import by itself.
package near

import (
	_ "example.com/literal"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func scopes(t webapi.Token) {
	_ = t.Scopes.Has("book:read") // want `scope "book:read" is written as a string; write literal.BookScopeRead of package example.com/literal`
	_ = t.Scopes.Has("note:read") // want `scope "note:read" is written as a string; write notes.NoteScopeRead of package example.com/notes`
}
