package annotations

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A written is a directive as it stands in a comment.
type written struct {
	Name Text
	args string
	pos  token.Position // of args
}

// lexer returns a lexer of the directive's arguments.
func (w written) lexer(diags *diag.List) *lexer {
	return &lexer{text: w.args, pos: w.pos, diags: diags}
}

// scanComment returns the directives of one comment, and reports what is
// almost one. start is the position of the comment's first slash, and comment
// the text as it stands there: go/ast's has lost its carriage returns.
func scanComment(comment string, start token.Position, diags *diag.List) []written {
	if block, ok := strings.CutPrefix(comment, "/*"); ok {
		scanBlock(strings.TrimSuffix(block, "*/"), at(start, 2), diags)
		return nil
	}
	line := strings.TrimPrefix(comment, "//")
	s, v := judge(line)
	switch v {
	case nearMiss:
		reportNearMiss(diags, start, comment, s)
	case directive:
		name := Text{Pos: at(start, len("//"+Tool+":")), Value: s.name}
		if _, ok := FindDirective(s.name); ok {
			return []written{{Name: name, args: s.rest, pos: at(name.Pos, len(s.name))}}
		}
		names := DirectiveNames()
		d := diags.Add(name.Pos, diag.UnknownWord, "unknown directive %q%s; allowed: %s",
			Tool+":"+s.name, Suggest(s.name, names), strings.Join(names, ", "))
		if meant, ok := meantWord(s.name, names); ok {
			name.Raw = true
			name.Mend(d, meant)
		}
	}
	return nil
}

// scanBlock reports lines of a /* */ comment that read like a directive, since
// none can be there.
func scanBlock(text string, pos token.Position, diags *diag.List) {
	before := "/*"
	for line := range strings.SplitSeq(text, "\n") {
		body := strings.TrimLeft(line, " \t*")
		blanks := line[:len(line)-len(body)]
		if s, v := judge(blockLine(line, before)); v != prose {
			reportNearMiss(diags, at(pos, len(blanks)), strings.TrimLeft(before+line, " \t"), s)
		}
		before = ""
		pos = token.Position{Filename: pos.Filename, Offset: pos.Offset + len(line) + 1, Line: pos.Line + 1, Column: 1}
	}
}

// reportNearMiss says what was got, the line as it stands, and what it should be.
func reportNearMiss(diags *diag.List, pos token.Position, got string, s shape) {
	name := strings.ToLower(s.name)
	if strings.IndexByte(name, anyLetter) >= 0 { // what was meant is a guess
		name = ""
	}
	if best, ok := Nearest(name, DirectiveNames()); ok {
		name = best
	}
	want := fmt.Sprintf("//%s:%s", Tool, name)
	if name == "" {
		want += "NAME, NAME being one of " + strings.Join(DirectiveNames(), ", ")
	}
	if words := strings.Fields(got); len(words) > 3 {
		got = strings.Join(words[:3], " ") + " ..."
	}
	diags.Add(pos, diag.NearMiss, "%q is not a directive, and would be ignored; write %s", strings.TrimRight(got, " \t\r"), want)
}
