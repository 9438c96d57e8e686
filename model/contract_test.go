package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/model"
)

// Lists of the scopes of a note, as sets of bits.
var noteScopes = []string{"note:read", "note:write", "note:destroy"}

// antichains returns every requirement of the scopes of a note that somebody
// meets and not everybody, as lists none of which has all of another.
func antichains() [][]int {
	var all [][]int
	for chosen := 1; chosen < 1<<7; chosen++ {
		var lists []int
		for set := 1; set < 1<<3; set++ {
			if chosen&(1<<(set-1)) != 0 {
				lists = append(lists, set)
			}
		}
		superfluous := slices.ContainsFunc(lists, func(a int) bool {
			return slices.ContainsFunc(lists, func(b int) bool { return a != b && a&b == b })
		})
		if !superfluous {
			all = append(all, lists)
		}
	}
	return all
}

func lets(lists []int, held int) bool {
	return slices.ContainsFunc(lists, func(needed int) bool { return held&needed == needed })
}

// noteRequiring returns a note whose DELETE requires one of the lists.
func noteRequiring(t *testing.T, lists []int) *model.Resource {
	t.Helper()
	var src strings.Builder
	src.WriteString("package p\n\n//webapi:resource methods=GET,POST,PUT,DELETE\n//webapi:require PUT " + strings.Join(noteScopes, " ") + "\n")
	for _, needed := range lists {
		src.WriteString("//webapi:require DELETE")
		for i, s := range noteScopes {
			if needed&(1<<i) != 0 {
				src.WriteString(" " + s)
			}
		}
		src.WriteString("\n")
	}
	src.WriteString("type Note struct{}\n")
	return resolve(t, src.String()).Resources[0]
}

// tokens returns what DELETE, the last column, answers OAuth2 tokens, by the set
// of their scopes.
func tokens(t *testing.T, r *model.Resource) map[int]int {
	t.Helper()
	answers := map[int]int{}
	for _, call := range r.Contract() {
		list, ok := strings.CutPrefix(strings.Replace(call.Caller, "without scopes", "with ", 1), "token with ")
		if !ok {
			continue
		}
		held := 0
		for _, s := range strings.Fields(list) {
			held |= 1 << slices.Index(noteScopes, s)
		}
		answers[held] = call.Answers[len(call.Answers)-1]
	}
	return answers
}

// TestContractTellsRequirementsApart holds that no other requirement passes the
// contract of one.
func TestContractTellsRequirementsApart(t *testing.T) {
	all := antichains()
	if len(all) != 18 { // the third Dedekind number, less never and always
		t.Fatalf("%d requirements, want 18", len(all))
	}
	for _, declared := range all {
		answers := tokens(t, noteRequiring(t, declared))
		for _, guard := range all {
			same := true
			for held, answer := range answers {
				same = same && lets(guard, held) == (answer == model.Allowed)
			}
			if same != slices.Equal(declared, guard) {
				t.Errorf("the contract of %b passes for %b: %t", declared, guard, same)
			}
		}
	}
}

// TestContractStaysSmall holds that the rows of a requirement of many
// alternatives do not multiply, and that each less one scope is still there.
func TestContractStaysSmall(t *testing.T) {
	var src strings.Builder
	src.WriteString("// Package p has notes.\n//\n")
	for i := range 20 {
		fmt.Fprintf(&src, "//webapi:scope s%d Scope\n", i)
	}
	src.WriteString("package p\n\n//webapi:resource methods=GET\n")
	for i := range 10 {
		fmt.Fprintf(&src, "//webapi:require GET s%d s%d\n", 2*i, 2*i+1)
	}
	src.WriteString("type Note struct{}\n")
	calls := resolve(t, src.String()).Resources[0].Contract()
	if len(calls) > 100 {
		t.Errorf("%d calls, want 100 at most", len(calls))
	}
	for _, caller := range []string{"token with s6 s7", "token with s6", "token with s7"} {
		if !slices.ContainsFunc(calls, func(c model.Call) bool { return c.Caller == caller }) {
			t.Errorf("no call by %s", caller)
		}
	}
}
