package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// Checks says which warnings are wanted. The zero value wants all of them. It is
// a flag's value (pflag.Value), written as those of staticcheck -checks are.
type Checks struct {
	off []diag.Code
	set bool
}

const (
	all  = "all"
	none = "none"
)

// Has reports whether a warning is wanted.
func (c Checks) Has(code diag.Code) bool { return !slices.Contains(c.off, code) }

// Set takes words with commas between them, each of which changes what those
// before it say: all, none, a code to add it, or a code after a minus to take it
// away. A list that begins with a code begins with none, one that begins with a
// minus with all. A second call goes on where the first ended.
func (c *Checks) Set(text string) error {
	next := Checks{off: slices.Clone(c.off), set: c.set}
	for word := range strings.SplitSeq(text, ",") {
		if err := next.add(strings.TrimSpace(word)); err != nil {
			return err
		}
	}
	*c = next
	return nil
}

func (c *Checks) add(word string) error {
	name, minus := strings.CutPrefix(word, "-")
	switch code := diag.Code(name); {
	case word == all:
		c.off = nil
	case word == none:
		c.off = warnings()
	case name == all || name == none:
		return notAWarning(word)
	case !slices.Contains(warnings(), code):
		return notAWarning(name)
	case minus:
		c.off = append(c.off, code)
	default:
		if !c.set {
			c.off = warnings()
		}
		c.off = slices.DeleteFunc(c.off, func(off diag.Code) bool { return off == code })
	}
	c.set = true
	return nil
}

func notAWarning(name string) error {
	var codes []string
	for _, code := range warnings() {
		codes = append(codes, string(code))
	}
	for _, m := range diag.Codes() {
		if string(m.Code) == name {
			return fmt.Errorf("%s, %s, is an error and cannot be switched off; warnings are %s", name, m.Title, strings.Join(codes, ", "))
		}
	}
	return fmt.Errorf("no warning is called %q%s; write %s, %s, or codes, with - before those to leave out: %s",
		name, annotations.Suggest(name, append(codes, all, none)), all, none, strings.Join(codes, ", "))
}

// warnings returns the codes of all warnings.
func warnings() []diag.Code {
	var list []diag.Code
	for _, m := range diag.Codes() {
		if m.Code.Warning() {
			list = append(list, m.Code)
		}
	}
	return list
}

// String returns what is wanted, in a form that Set takes.
func (c *Checks) String() string {
	var off []string
	for _, code := range warnings() {
		if !c.Has(code) {
			off = append(off, "-"+string(code))
		}
	}
	switch len(off) {
	case 0:
		return all
	case len(warnings()):
		return none
	}
	return strings.Join(off, ",")
}

// Type returns what the value is called in a usage message.
func (c *Checks) Type() string { return "warnings" }
