package webapitest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// yes is the answer of a guard that runs the view. The others are codes.
const yes = "yes"

// answersOf are the answers that can be wanted.
var answersOf = []string{yes, "101", "103", "104", "112", "113", "405"}

// contract is a table that was read.
type contract struct {
	methods []string // those of the head, and others that nobody answers
	scopes  map[webapi.Scope]bool
	calls   []contractCall
}

// contractCall is one cell of a table.
type contractCall struct {
	method string
	caller caller
	want   string
}

// readContract reads the table of an Expect. The error says what of it is
// malformed: a test that asks less than it says must not pass.
func readContract(lines []string) (contract, error) {
	table := contract{scopes: map[webapi.Scope]bool{}}
	if len(lines) < 2 {
		return table, errors.New("the table has no calls")
	}
	head := strings.Fields(lines[0])
	n := len(head) - 1
	if n < 1 || head[n] != "caller" {
		return table, fmt.Errorf("head of the table %q: want methods, and then the word caller", lines[0])
	}
	methods, other := head[:n], unanswered(head[:n])
	table.methods = slices.Concat(methods, other)
	for _, line := range lines[1:] {
		row := strings.Fields(line)
		if len(row) <= n {
			return table, fmt.Errorf("line %q: want %d answers and a caller", line, n)
		}
		who, err := readCaller(strings.Join(row[n:], " "))
		if err != nil {
			return table, fmt.Errorf("line %q: %w", line, err)
		}
		for s := range who.scopes.All() {
			table.scopes[s] = true
		}
		for i, want := range row[:n] {
			if !slices.Contains(answersOf, want) {
				return table, fmt.Errorf("line %q: answer %q; want one of %s", line, want, strings.Join(answersOf, ", "))
			}
			table.calls = append(table.calls, contractCall{methods[i], who, want})
		}
		for _, m := range other {
			table.calls = append(table.calls, contractCall{m, who, "405"})
		}
	}
	return table, nil
}
