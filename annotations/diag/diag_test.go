package diag_test

import (
	"errors"
	"go/token"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

func at(file string, line, column int) token.Position {
	return token.Position{Filename: file, Line: line, Column: column}
}

func TestErrorShowsAsMuchOfThePlaceAsIsKnown(t *testing.T) {
	for want, pos := range map[string]token.Position{
		"a.go:3:7: it is wrong [WA010]": at("a.go", 3, 7),
		"a.go:3: it is wrong [WA010]":   at("a.go", 3, 0),
		"a.go: it is wrong [WA010]":     at("a.go", 0, 0),
	} {
		d := diag.Diagnostic{Pos: pos, Code: diag.UnknownWord, Message: "it is wrong"}
		if got := d.Error(); got != want {
			t.Errorf("Error() = %q, want %q", got, want)
		}
	}
}

func TestMessagesAreOneVisibleLine(t *testing.T) {
	for got, want := range map[string]string{
		"plain":                   "plain",
		`it's "quoted"`:           `it's "quoted"`,
		`C:\folder\new`:           `C:\folder\new`,
		"é 日本 —":                  "é 日本 —",
		"a\nb\r\tc":               `a\nb\r\tc`,
		"\x1b[31mred":             `\x1b[31mred`,
		"\u202eright":             `\u202eright`,
		"zero\u200bwidth":         `zero\u200bwidth`,
		"\xff":                    `\xff`,
		`a\` + "\n" + `\"` + "\"": `a\\n\""`,
	} {
		var list diag.List
		list.Add(at("a.go", 1, 1), diag.BadText, "%s", got)
		if diff := cmp.Diff(diag.List{{Pos: at("a.go", 1, 1), Code: diag.BadText, Message: want}}, list); diff != "" {
			t.Errorf("message %q (-want +got):\n%s", got, diff)
		}
	}
}

func TestSortOrdersByPlaceThenCodeThenMessage(t *testing.T) {
	want := diag.List{
		{Pos: at("a.go", 0, 0), Code: "WA002", Message: "m"},
		{Pos: at("a.go", 2, 1), Code: "WA001", Message: "m"},
		{Pos: at("a.go", 2, 9), Code: "WA001", Message: "m"},
		{Pos: at("a.go", 2, 10), Code: "WA001", Message: "a"},
		{Pos: at("a.go", 2, 10), Code: "WA001", Message: "b"},
		{Pos: at("a.go", 2, 10), Code: "WA002", Message: "a"},
		{Pos: at("a.go", 10, 1), Code: "WA001", Message: "m"},
		{Pos: at("b.go", 1, 1), Code: "WA001", Message: "m"},
	}
	for shift := range want {
		var got diag.List
		for i := range want { // each of them twice, in another order
			d := want[(i*5+shift)%len(want)]
			got = append(got, d, d)
		}
		got.Sort()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sorted (-want +got):\n%s", diff)
		}
	}
}

func TestListIsAnErrorUnlessEmpty(t *testing.T) {
	var list diag.List
	if err := list.Err(); err != nil {
		t.Errorf("Err() of an empty list = %v", err)
	}
	list.Add(at("a.go", 1, 2), diag.NearMiss, "first")
	list.Add(at("b.go", 0, 0), diag.NotGenerated, "second")
	var got diag.List
	if err := list.Err(); !errors.As(err, &got) {
		t.Fatalf("Err() = %v, want the list", err)
	}
	const want = "a.go:1:2: first [WA011]\nb.go: second [WA060]"
	if got.Error() != want {
		t.Errorf("Error() = %q, want %q", got.Error(), want)
	}
}
