// Package fixes writes scopes with what it imports for nothing else.
package fixes

// PageResource serves pages.
//
//webapi:resource methods=GET,POST
type PageResource struct{}
