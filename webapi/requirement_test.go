package webapi_test

import (
	"reflect"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestRequirement(t *testing.T) {
	or := webapi.AnyOf(webapi.AllOf("a"), webapi.AllOf("b", "c"))
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
	if n := testing.AllocsPerRun(100, func() { need.Met(held); webapi.Require("a").Met(held) }); n != 0 {
		t.Errorf("Met allocates %v times", n)
	}
}

func fourAlternatives() webapi.Requirement {
	return webapi.AnyOf(webapi.AllOf("a", "b"), webapi.AllOf("c", "d"), webapi.AllOf("e", "f"), webapi.AllOf("g", "h"))
}
