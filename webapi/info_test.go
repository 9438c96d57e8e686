package webapi_test

import (
	"reflect"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestCloneResources(t *testing.T) {
	original, want := []webapi.ResourceInfo{repository()}, []webapi.ResourceInfo{repository()}
	spoil := func(infos []webapi.ResourceInfo) {
		methods, scopes := infos[0].Methods, infos[0].Scopes
		methods[3].Requires[0][0], methods[3].Requires[1] = "x", nil
		methods[0], scopes[0] = webapi.MethodInfo{}, webapi.ScopeInfo{}
		infos[0] = webapi.ResourceInfo{}
	}
	spoil(webapi.CloneResources(original))
	if !reflect.DeepEqual(original, want) {
		t.Errorf("a change of the copy made %v of the original", original)
	}

	var registry webapi.Registry
	if err := registry.Add("app", original); err != nil {
		t.Fatal(err)
	}
	before := webapi.ScopesSupported(&registry)
	spoil(original)
	if err := registry.Add("other"); err != nil { // makes the catalogue anew
		t.Fatal(err)
	}
	if after := webapi.ScopesSupported(&registry); !reflect.DeepEqual(after, before) {
		t.Errorf("a change of what was added made %q of %q", after, before)
	}
}
