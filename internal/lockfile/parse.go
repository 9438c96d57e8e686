package lockfile

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// Parse reads the text of a lock file. path is how diagnostics name it.
func Parse(path string, text []byte) (*File, diag.List) {
	p := parser{file: &File{}, pos: token.Position{Filename: path}, lines: map[string]int{}}
	for line := range strings.Lines(string(text)) {
		p.pos.Line++
		p.line(strings.TrimRight(line, " \r\n"))
	}
	p.orphans()
	p.file.Sort()
	return p.file, p.diags
}

// A parser reads a lock file line by line.
type parser struct {
	file  *File
	pos   token.Position // of the line
	lines map[string]int // by what only one line is about, such as TYPE METHOD
	diags diag.List
}

// fail reports a line, at a column that counts from 1.
func (p *parser) fail(column int, format string, args ...any) {
	pos := p.pos
	pos.Column = column
	p.diags.Add(pos, diag.BadLock, format, args...)
}

func (p *parser) line(line string) {
	if i := strings.IndexFunc(line, invisible); i >= 0 {
		p.fail(i+1, "the line has the character %U; all are visible", []rune(line[i:])[0])
		return
	}
	first, rest, _ := strings.Cut(line, " ")
	switch {
	case first == "" && rest == "" || strings.HasPrefix(line, "#"):
	case first == scopeWord:
		var s Scope
		s.Folder, rest, _ = strings.Cut(rest, " ")
		if s.Value, s.Text, _ = strings.Cut(rest, " "); s.Value == "" {
			p.fail(len(line)+1, "FOLDER SCOPE [text] expected after %s", scopeWord)
			return
		}
		p.file.Scopes = append(p.file.Scopes, s)
	case first == resourceWord:
		p.resource(line, rest)
	case first == publicWord:
		p.public(line, rest)
	case !strings.Contains(first, "."):
		p.fail(1, "FOLDER.TYPE, %s, %s or %s expected, got %q", resourceWord, publicWord, scopeWord, first)
	default:
		p.access(line, first)
	}
}

// invisible reports whether a character is one that no declaration can have, and
// that a terminal may obey.
func invisible(c rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return !unicode.IsGraphic(c) && c != nonJoiner && c != joiner || c == unicode.ReplacementChar
}

// resource reads TYPE name=... policy=... key=... [description].
func (p *parser) resource(line, rest string) {
	r := Resource{}
	r.Type, rest, _ = strings.Cut(rest, " ")
	if !strings.Contains(r.Type, ".") {
		p.fail(min(len(resourceWord)+2, len(line)+1), "FOLDER.TYPE expected after %s, got %q", resourceWord, r.Type)
		return
	}
	var policies, keys string
	for _, want := range []struct {
		prefix string
		to     *string
	}{{"name=", &r.Name}, {"policy=", &policies}, {"key=", &keys}} {
		word, after, _ := strings.Cut(rest, " ")
		value, ok := strings.CutPrefix(word, want.prefix)
		if !ok || value == "" {
			p.fail(len(line)-len(rest)+1, "%sVALUE expected, got %q", want.prefix, word)
			return
		}
		*want.to, rest = value, after
	}
	ids, of := strings.Split(policies, and), strings.Split(keys, and)
	if slices.Contains(ids, "") || slices.Contains(of, "") || len(ids) != len(of) {
		p.fail(1, "%s has policies %s with keys %s; there is a key for each policy, %s for none", r.Type, policies, keys, noKey)
		return
	}
	for i, id := range ids {
		policy := Policy{ID: id, Key: of[i]}
		if policy.Key == noKey {
			policy.Key = ""
		}
		r.Policies = append(r.Policies, policy)
	}
	if r.Description = rest; p.seen(resourceWord+" "+r.Type) > 0 {
		return
	}
	p.file.Resources = append(p.file.Resources, r)
}

// public reads FOLDER.NAME REASON.
func (p *parser) public(line, rest string) {
	name, reason, _ := strings.Cut(rest, " ")
	if !strings.Contains(name, ".") || reason == "" {
		p.fail(min(len(publicWord)+2, len(line)+1), "FOLDER.NAME REASON expected after %s", publicWord)
		return
	}
	if first := p.seen(publicWord + " " + name); first > 0 {
		return
	}
	p.file.Public = append(p.file.Public, Public{Name: name, Reason: reason})
}

// seen reports what has a line already, and returns the number of that line.
func (p *parser) seen(what string) int {
	first := p.lines[what]
	if first > 0 {
		p.fail(1, "%s has a line already, line %d", what, first)
	} else {
		p.lines[what] = p.pos.Line
	}
	return first
}

// access reads METHOD ACCEPTED [REQUIREMENT], after a type.
func (p *parser) access(line, typ string) {
	words := strings.Split(line, " ")
	column := len(typ) + 2
	if len(words) < 3 || !annotations.IsMethod(words[1]) {
		p.fail(column, "METHOD ACCEPTED expected after the type; methods are %s", strings.Join(annotations.Methods(), ", "))
		return
	}
	a := Access{Type: typ, Method: words[1]}
	column += len(words[1]) + 1
	for accepted := range strings.SplitSeq(words[2], ",") {
		switch {
		case accepted == anonymous:
			a.Anonymous = true
		case accepted == apiTokens:
			a.APITokens = true
		case accepted == oauth2:
			a.OAuth2 = true
		case words[2] != closed:
			p.fail(column, "%q is not what a method accepts: a list of %s, %s and %s, or %s", accepted, anonymous, apiTokens, oauth2, closed)
			return
		}
	}
	column += len(words[2]) + 1
	if a.Accepted() != words[2] {
		p.fail(column-len(words[2])-1, "%q is written %q", words[2], a.Accepted())
		return
	}
	if a.OAuth2 != (len(words) > 3) {
		p.fail(column, "a requirement stands where %s is accepted, and only there", oauth2)
		return
	}
	if a.OAuth2 {
		var err error
		if a.Requires, err = ParseRequirement(words[3:]); err != nil {
			p.fail(column, "%v", err)
			return
		}
	}
	if p.seen(typ+" "+a.Method) > 0 {
		return
	}
	p.file.Access = append(p.file.Access, a)
}

// orphans reports the types that have lines of access, and none of a resource:
// such a type could not be told from one that is new.
func (p *parser) orphans() {
	reported := map[string]bool{}
	for _, a := range p.file.Access {
		if p.lines[resourceWord+" "+a.Type] > 0 || reported[a.Type] {
			continue
		}
		reported[a.Type] = true
		p.pos.Line = p.lines[a.Type+" "+a.Method]
		p.fail(1, "%s has no line that begins with %s %[1]s", a.Type, resourceWord)
	}
}

// ParseRequirement reads the words of a requirement, of which every second one
// is a scope.
func ParseRequirement(words []string) ([][]string, error) {
	requires := [][]string{nil}
	for i, word := range words {
		last := &requires[len(requires)-1]
		switch {
		case word == "":
			return nil, fmt.Errorf("one blank stands between the words of a requirement")
		case i%2 == 0:
			*last = append(*last, word)
		case word != and && word != or:
			return nil, fmt.Errorf("%q or %q expected after scope %q, got %q", and, or, words[i-1], word)
		case i == len(words)-1:
			return nil, fmt.Errorf("scope expected after %q", word)
		case word == or:
			requires = append(requires, nil)
		}
	}
	for _, all := range requires {
		slices.Sort(all)
	}
	slices.SortFunc(requires, slices.Compare[[]string])
	return requires, nil
}
