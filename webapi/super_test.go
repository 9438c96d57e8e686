package webapi_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// A link is a resource that anybody may read if its super allows it.
type link struct{ super webapi.Resource }

func (l link) AccessRules() webapi.AccessRules {
	return webapi.AccessRules{Name: "link", Allow: "GET", Anonymous: "GET", Super: l.super}
}

func (l link) RequiredScopes(string) (webapi.Requirement, bool) { return webapi.Requirement{}, true }

func (l link) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(l, w, r, method, view)
}

// maxSupers is the maximum length of a chain of supers. The generator has the same
// number, which a test of package model compares with the one here.
const maxSupers = 32

func TestMaxSupers(t *testing.T) {
	res := link{}
	for range maxSupers {
		res = link{super: res}
	}
	if err := webapi.Decide(context.Background(), res, "GET", ""); err != nil {
		t.Errorf("%d supers: %v", maxSupers, err)
	}
	if err := webapi.Decide(context.Background(), link{super: res}, "GET", ""); err == nil {
		t.Errorf("%d supers: the request is allowed", maxSupers+1)
	}
}
