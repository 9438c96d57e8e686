// Package handmade has guards by hand.
package handmade

import (
	"net/http"

	"example.com/notes"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TagAPI has a generated guard.
//
//webapi:resource methods=GET,DELETE
//webapi:require DELETE tag_api:destroy tag_api:read
type TagAPI struct{}

type byHand struct{}

func (byHand) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error { // want `byHand.CallMethodView makes byHand a webapi.Resource by hand`
	return view(w, r)
}

func (byHand) RequiredScopes(method string) (webapi.Requirement, bool) { // want `byHand.RequiredScopes makes byHand a webapi.Resource by hand`
	return webapi.Requirement{}, true
}

func (byHand) AccessRules() webapi.AccessRules { return webapi.AccessRules{} } // want `byHand.AccessRules makes byHand a webapi.Resource by hand`

type wider struct{ *notes.NoteResource }

func (wider) RequiredScopes(method string) (webapi.Requirement, bool) { // want `wider.RequiredScopes makes wider a webapi.Resource by hand, which neither webapi.lock nor webapi-gen diff shows; annotate the type with //webapi:resource`
	return webapi.Require(TagAPIScopeRead), true
}

type either struct {
	webapi.Resource // want `a type that embeds webapi.Resource is guarded as whatever it holds`
}

type unrelated struct{}

func (unrelated) AccessRules() {}

func init() {
	tagAPIRequiresDelete = webapi.Require(TagAPIScopeRead) // want `tagAPIRequiresDelete belongs to a generated guard and is assigned; change the annotation instead`
	p := &tagAPIRequiresDelete                             // want `tagAPIRequiresDelete belongs to a generated guard and is given away by its address`
	_ = p
}
