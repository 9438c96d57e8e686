// Package literal writes scopes.
//
//webapi:scope audit Read the log
//webapi:scope org:read
package literal

import (
	api "example.com/notes"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// BookResource serves books.
//
//webapi:resource methods=GET,POST
type BookResource struct{}

const own webapi.Scope = "book:read" // want `scope "book:read" is written as a string; write BookScopeRead`

const text = "book:write"

func scopes(t webapi.Token, s webapi.Scope) {
	_ = t.Scopes.Has("book:read")               // want `write BookScopeRead`
	_ = t.Scopes.Has(webapi.Scope("note:read")) // want `write api.NoteScopeRead`
	_ = t.Scopes.Has(`note:write`)              // want `write api.NoteScopeWrite`
	_ = t.Scopes.Has("admin")                   // want `write api.ScopeAdmin`
	_ = t.Scopes.Has("audit")                   // want `write ScopeAudit`
	_ = t.Scopes.Has("org:read")                // want `write ScopeOrgRead`
	_ = t.Scopes.Has("book:reed")               // want `no resource that this package knows of declares scope "book:reed"; //webapi:scope in a package's doc comment does`
	_ = t.Scopes.Has(webapi.Scope(text))        // want `write BookScopeWrite`
	_ = t.Scopes.Has("book:" + "read")          // want `write BookScopeRead`
	_ = s == "note:destroy"                     // want `write api.NoteScopeDestroy`
	_ = string(s) == "note:destroy"             // want `write string\(api.NoteScopeDestroy\)`
	_ = "note:destroy" != string(s)             // want `write string\(api.NoteScopeDestroy\)`
	_ = string(s) == "something else"
	switch s {
	case "book:read": // want `write BookScopeRead`
	case api.NoteScopeRead:
	}
	switch string(s) {
	case "book:write": // want `write string\(BookScopeWrite\)`
	}
	_ = []webapi.Scope{"book:read", BookScopeWrite}       // want `write BookScopeRead`
	_ = map[webapi.Scope]string{"book:read": "book:read"} // want `write BookScopeRead`

	_ = t.Scopes.Has(own)
	_ = t.Scopes.Has(webapi.Scope(t.Subject))
	_ = "book:read"
	_ = s == ""
	println("note:read")
}

func hidden(t webapi.Token) {
	const BookScopeRead = 1
	_ = t.Scopes.Has("book:read") // want `scope "book:read" is written as a string; write literal.BookScopeRead of package example.com/literal`
}
