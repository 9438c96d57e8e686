package model_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/webapi-gen/webapi-gen/model"
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

// The runtime follows as many supers as a resource may have.
func TestMaxSupers(t *testing.T) {
	res := link{}
	for range model.MaxSupers {
		res = link{super: res}
	}
	if err := webapi.Decide(context.Background(), res, "GET", ""); err != nil {
		t.Errorf("%d supers: %v", model.MaxSupers, err)
	}
	if err := webapi.Decide(context.Background(), link{super: res}, "GET", ""); err == nil {
		t.Errorf("%d supers: the request is allowed", model.MaxSupers+1)
	}
}
