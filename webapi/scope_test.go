package webapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestParseScopes(t *testing.T) {
	tests := []struct{ in, want, err string }{
		{"", "", ""},
		{"a", "a", ""},
		{"b a c", "a b c", ""},
		{"a a a", "a", ""},
		{"note:read https://example.org/x?y=1 !#[]~", "!#[]~ https://example.org/x?y=1 note:read", ""},
		{" a", "", "webapi: scope list: want a scope at byte 0, got a space"},
		{"a  b", "", "webapi: scope list: want a scope at byte 2, got a space"},
		{"a ", "", "webapi: scope list: want a scope at byte 2, got the end"},
		{" ", "", "webapi: scope list: want a scope at byte 0, got a space"},
		{`a "b"`, "", `webapi: scope list: "\"" at byte 2 cannot be part of a scope`},
		{`a\b`, "", `webapi: scope list: "\\" at byte 1 cannot be part of a scope`},
		{"a\tb", "", `webapi: scope list: "\t" at byte 1 cannot be part of a scope`},
		{"a\x00", "", `webapi: scope list: "\x00" at byte 1 cannot be part of a scope`},
		{"a\x7f", "", `webapi: scope list: "\x7f" at byte 1 cannot be part of a scope`},
		{"é", "", `webapi: scope list: "\xc3" at byte 0 cannot be part of a scope`},
	}
	for _, test := range tests {
		set, err := webapi.ParseScopes(test.in)
		if err != nil {
			if err.Error() != test.err {
				t.Errorf("%q: got the error %q, want %q", test.in, err, test.err)
			}
			if set.Len() != 0 {
				t.Errorf("%q: got an error and %d scopes", test.in, set.Len())
			}
			continue
		}
		if test.err != "" || set.String() != test.want {
			t.Errorf("%q: got %q, want %q and the error %q", test.in, set, test.want, test.err)
		}
	}
}

func TestMakeScopes(t *testing.T) {
	set := webapi.MakeScopes("b", "", "a b", "a", "b", "\n")
	if got := slices.Collect(set.All()); !slices.Equal(got, []webapi.Scope{"a", "b"}) || set.Len() != 2 {
		t.Errorf("got %q, length %d, want a and b", got, set.Len())
	}
	for _, not := range []webapi.Scope{"", "a b", "\n", "c", "A", "ab"} {
		if set.Has(not) {
			t.Errorf("has %q", not)
		}
	}
}

func TestZeroScopes(t *testing.T) {
	for _, set := range []webapi.Scopes{{}, webapi.MakeScopes(), webapi.MakeScopes("")} {
		if set.Has("") || set.Has("a") || set.Len() != 0 || set.String() != "" || len(slices.Collect(set.All())) != 0 {
			t.Errorf("the empty set is %q", set)
		}
	}
}

func TestManyScopes(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 6, 7, 1000, 10_000} {
		list := manyScopes(n)
		set, err := webapi.ParseScopes(list)
		if err != nil || set.Len() != n {
			t.Fatalf("%d: got %d, %v", n, set.Len(), err)
		}
		for s := range strings.SplitSeq(list, " ") {
			if !set.Has(webapi.Scope(s)) || set.Has(webapi.Scope(s+"x")) {
				t.Fatalf("%d: wrong about %s", n, s)
			}
		}
		if !slices.IsSorted(slices.Collect(set.All())) {
			t.Errorf("%d: not sorted", n)
		}
	}
}

func TestScopesAllocations(t *testing.T) {
	set, _ := webapi.ParseScopes(manyScopes(1000))
	if n := testing.AllocsPerRun(100, func() { set.Has("scope500:read"); set.Has("none") }); n != 0 {
		t.Errorf("Has allocates %v times", n)
	}
	for _, size := range sizes {
		list := manyScopes(size)
		if n := testing.AllocsPerRun(10, func() { webapi.ParseScopes(list) }); n > 2 {
			t.Errorf("ParseScopes of %d allocates %v times", size, n)
		}
	}
}

// manyScopes returns a list of n scopes: scope0:read scope1:read ...
func manyScopes(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "scope%d:read", i)
	}
	return b.String()
}
