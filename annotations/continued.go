package annotations

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// This file finds lines of a comment by which somebody goes on with a directive.
// To Go they are prose, so what they say would be ignored in silence.

// A carrier is a directive with keys, which lines beside it may go on with.
type carrier struct {
	comment *ast.Comment
	name    string
	args    string
}

// A continuation is a line that goes on with a directive.
type continuation struct {
	comment  *ast.Comment
	words    string
	to       carrier
	settings Settings
	fine     bool // nothing is wrong with them
}

// continuations reports the lines of a comment that go on with a directive: below
// it, with no prose between, those that begin with one of its keys; elsewhere, to
// where gofmt moves them, those that are nothing but key=value.
func (r *reader) continuations(group *ast.CommentGroup) {
	var carriers []carrier
	for _, c := range group.List {
		if to, ok := r.carrier(c); ok {
			carriers = append(carriers, to)
		}
	}
	if len(carriers) == 0 {
		return
	}
	var above *carrier // the directive that the line before goes on with
	var lines []continuation
	count := map[string]int{} // of the keys that they write
	for _, c := range group.List {
		text := r.comment(c)
		if to, ok := r.carrier(c); ok {
			above = &to
		} else if isOurs(c) {
			continue
		} else if to := continued(text, above, carriers); to != nil {
			line := continuation{comment: c, words: strings.TrimSpace(strings.TrimPrefix(text, "//")), to: *to}
			line.settings, line.fine = settingsOf(line.words, to.name)
			for _, s := range line.settings {
				count[s.Key]++
			}
			lines = append(lines, line)
		} else {
			above = nil
		}
	}
	for _, line := range lines {
		twice := slices.ContainsFunc(line.settings, func(s Setting) bool { return count[s.Key] > 1 })
		r.reportContinuation(line, len(carriers) == 1 && !twice)
	}
}

// carrier returns the directive with keys that a comment is.
func (r *reader) carrier(c *ast.Comment) (carrier, bool) {
	if !isOurs(c) {
		return carrier{}, false
	}
	s, _ := exact(strings.TrimPrefix(r.comment(c), "//"))
	return carrier{c, s.name, s.rest}, len(keysOf(s.name)) > 0
}

// continued returns the directive that a line goes on with, nil if it is prose.
func continued(text string, above *carrier, carriers []carrier) *carrier {
	line, ok := strings.CutPrefix(text, "//")
	if !ok {
		return nil
	}
	words := strings.TrimLeft(line, " \t")
	if above != nil && beginsWithKey(words, above.name) {
		return above
	}
	if len(line)-len(words) > len(" ") || !strings.Contains(words, "=") { // an example in a doc comment; prose
		return nil
	}
	for _, to := range carriers {
		if settings, ok := settingsOf(words, to.name); ok && len(settings) > 0 {
			return &to
		}
	}
	return nil
}

// beginsWithKey reports whether a line begins with a key of a directive and an
// equals sign.
func beginsWithKey(line, directive string) bool {
	name, after, found := strings.Cut(line, "=")
	_, known := FindKey(keysOf(directive), strings.TrimRight(name, " \t"))
	return found && known && !strings.HasPrefix(after, "=")
}

// settingsOf reads arguments, and reports whether nothing is wrong with them.
func settingsOf(args, directive string) (Settings, bool) {
	var diags diag.List
	settings := written{args: args}.lexer(&diags).settings(directive)
	return settings, len(diags) == 0
}

// reportContinuation reports a line that goes on with a directive. Its fix joins it
// to the directive if that is certain, and the directive has none of its keys.
func (r *reader) reportContinuation(line continuation, certain bool) {
	c, to := line.comment, line.to.comment
	start := r.position(c.Pos())
	text := r.comment(c)
	directive := "//" + Tool + ":" + line.to.name
	d := r.diags.Add(at(start, strings.Index(text, line.words)), diag.Malformed,
		"a directive is one line, and this one would be ignored; write %s on the line of %s", line.words, directive)
	have, fine := settingsOf(line.to.args, line.to.name)
	for _, s := range line.settings {
		_, twice := have.Value(s.Key)
		certain = certain && !twice
	}
	if !certain || !fine || !line.fine || !r.startsLine(c.Pos()) {
		return
	}
	end := r.offset(to.Pos()) + len(strings.TrimRight(r.comment(to), " \t"))
	edits := []diag.Edit{
		{Offset: end, End: end, New: " " + line.words},
		{Offset: r.lineStart(c.Pos()), End: r.lineEnd(c.End())},
	}
	if c.Pos() < to.Pos() {
		slices.Reverse(edits)
	}
	d.Mend("join it to "+directive, edits...)
}
