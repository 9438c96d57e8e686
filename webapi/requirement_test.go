package webapi_test

import (
	"reflect"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestRequirement(t *testing.T) {
	or := webapi.AnyOf(webapi.AllOf("a"), webapi.AllOf("b", "c"))
	granted := or.GrantedBy("b", "admin", "x y", "b-old").GrantedBy("c", "admin").GrantedBy("d", "all")
	tests := []struct {
		need    webapi.Requirement
		held    string
		met     bool
		missing []webapi.Scope
		text    string
	}{
		{webapi.Requirement{}, "a", false, nil, "nothing grants this"},
		{webapi.AnyOf(), "a", false, nil, "nothing grants this"},
		{webapi.AnyOf(webapi.AllOf()), "a", false, nil, "nothing grants this"},
		{webapi.AnyOf(webapi.Alternative{}), "", false, nil, "nothing grants this"},
		{webapi.Require(""), "a", false, nil, "nothing grants this"},
		{webapi.Require("a b"), "a b", false, nil, "nothing grants this"},
		{webapi.AnyOf(webapi.AllOf("a", "")), "a", false, nil, "nothing grants this"},
		{webapi.Require("a"), "", false, []webapi.Scope{"a"}, "a"},
		{webapi.Require("a"), "a b", true, nil, "a"},
		{webapi.AnyOf(webapi.AllOf(), webapi.AllOf("a")), "", false, []webapi.Scope{"a"}, "a"},
		{webapi.AnyOf(webapi.AllOf(), webapi.AllOf("a")), "a", true, nil, "a"},
		{webapi.AnyOf(webapi.AllOf("a", "b", "a")), "b", false, []webapi.Scope{"a"}, "a and b"},
		{or, "", false, []webapi.Scope{"a"}, "a or (b and c)"},
		{or, "b", false, []webapi.Scope{"a"}, "a or (b and c)"},
		{or, "b c", true, nil, "a or (b and c)"},
		{or, "a", true, nil, "a or (b and c)"},
		{webapi.AnyOf(webapi.AllOf("a", "b"), webapi.AllOf("c", "d", "e")), "d e", false, []webapi.Scope{"c"}, "(a and b) or (c and d and e)"},
		{granted, "", false, []webapi.Scope{"a"}, "a or (b and c)"},
		{granted, "all", false, []webapi.Scope{"a"}, "a or (b and c)"},
		{granted, "admin", true, nil, "a or (b and c)"},
		{granted, "b-old", false, []webapi.Scope{"a"}, "a or (b and c)"},
		{granted, "b-old c", true, nil, "a or (b and c)"},
		{granted, "b c", true, nil, "a or (b and c)"},
		{or, "admin", false, []webapi.Scope{"a"}, "a or (b and c)"},
		{webapi.AnyOf(webapi.AllOf("a", "b", "c")).GrantedBy("a", "a2").GrantedBy("b", "b2").GrantedBy("b", "b3"), "a2 b3", false, []webapi.Scope{"c"}, "a and b and c"},
		{webapi.Require("a").GrantedBy("a", "admin"), "admin", true, nil, "a"},
		{webapi.Require("a").GrantedBy("a", "admin"), "a", true, nil, "a"},
		{webapi.Require("a").GrantedBy("a", "admin"), "b", false, []webapi.Scope{"a"}, "a"},
		{webapi.Require("a").GrantedBy("b", "c"), "b c", false, []webapi.Scope{"a"}, "a"},
		{webapi.Require("a").GrantedBy("a", "", "x y"), "x y", false, []webapi.Scope{"a"}, "a"},
		{webapi.Require("").GrantedBy("", "a"), "a", false, nil, "nothing grants this"},
		{webapi.Requirement{}.GrantedBy("", "a"), "a", false, nil, "nothing grants this"},
	}
	for _, test := range tests {
		held, err := webapi.ParseScopes(test.held)
		if err != nil {
			t.Fatal(err)
		}
		if got := test.need.Met(held); got != test.met {
			t.Errorf("%v of %q: met %v, want %v", test.need, test.held, got, test.met)
		}
		if got := test.need.Missing(held); !reflect.DeepEqual(got, test.missing) {
			t.Errorf("%v of %q: missing %q, want %q", test.need, test.held, got, test.missing)
		}
		if got := test.need.String(); got != test.text {
			t.Errorf("got %q, want %q", got, test.text)
		}
	}
}

func TestRequirementIsImmutable(t *testing.T) {
	scopes := []webapi.Scope{"a", "b"}
	alternatives := []webapi.Alternative{webapi.AllOf(scopes...), webapi.AllOf("c")}
	scopes[0] = "w"
	need := webapi.AnyOf(alternatives...)
	need.GrantedBy("c", "granting")
	if need.Met(webapi.MakeScopes("granting")) {
		t.Error("GrantedBy changes the requirement")
	}
	scopes[0], alternatives[1] = "x", webapi.AllOf("y")
	copied := need.Alternatives()
	copied[0][0], copied[1] = "z", nil
	need.Missing(webapi.Scopes{})[0] = "z"

	want := webapi.Alternatives{{"a", "b"}, {"c"}}
	if got := need.Alternatives(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAlternativesWithoutScopes checks that an alternative which nothing meets does
// not read as if nothing were needed.
func TestAlternativesWithoutScopes(t *testing.T) {
	for want, alternatives := range map[string]webapi.Alternatives{
		"nothing grants this": {{}},
		"a":                   {{}, {"a"}},
		"a and b":             {{"a", "b"}, nil},
	} {
		if got := alternatives.String(); got != want {
			t.Errorf("%#v: got %q, want %q", alternatives, got, want)
		}
	}
}

func TestRequirementAllocations(t *testing.T) {
	held := webapi.MakeScopes("a", "h")
	need := fourAlternatives()
	granted := webapi.Require("x").GrantedBy("x", "y", "z", "h")
	if n := testing.AllocsPerRun(100, func() { need.Met(held); granted.Met(held); webapi.Require("a").Met(held) }); n != 0 {
		t.Errorf("Met allocates %v times", n)
	}
}

func fourAlternatives() webapi.Requirement {
	return webapi.AnyOf(webapi.AllOf("a", "b"), webapi.AllOf("c", "d"), webapi.AllOf("e", "f"), webapi.AllOf("g", "h"))
}
