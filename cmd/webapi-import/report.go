package main

import (
	"fmt"
	"go/token"
	"io"
	"slices"
	"strings"
)

// A report says what import did with the operations of a document, apart from those that
// need scopes.
type report struct {
	undeclared                       []string // public because the document says nothing of them
	public, anonymous, authenticated []string
	closed                           []string // no token opens them
	leftOut                          []string // what a guard cannot have
	besides                          []string // what is needed and ignored
	ignored                          []ignored
	imported                         int
}

// routes returns the operations that guards can have, with who may call them.
func (a *answers) routes(doc *document) ([]*route, *report, findings) {
	rep := &report{ignored: doc.ignored}
	var list []*route
	var errs findings
	gets := map[string]access{}
	for _, o := range doc.operations {
		switch {
		case a.skip[o.String()] || a.skip[o.id] && o.id != "":
			rep.ignored = append(rep.ignored, ignored{o.String(), "skipped"})
			continue
		case !isMethod(o.method):
			rep.ignored = append(rep.ignored, ignored{o.String(), "no resource answers " + o.method})
			continue
		}
		who, notes := a.access(o)
		rep.add(o, who, notes)
		list = append(list, &route{operation: o, access: who})
		if o.method == "GET" {
			gets[o.path] = who
		}
	}
	for _, r := range list {
		if get, ok := gets[r.path]; ok && r.method == "HEAD" && get.key() != r.access.key() {
			errs.add(r.pos, "HEAD %s needs something else than GET does, whose guard it has; leave it out with --skip 'HEAD %s', and do not serve it", r.path, r.path)
		}
	}
	if len(list) == 0 && len(errs) == 0 {
		errs.add(token.Position{Filename: doc.path}, "there is no operation that a guard can have")
	}
	rep.imported = len(list)
	return list, rep, errs
}

func (rep *report) add(o *operation, who access, notes accessNotes) {
	name := o.String()
	switch {
	case who.public && o.security == nil:
		rep.undeclared = append(rep.undeclared, name)
	case who.public:
		rep.public = append(rep.public, name)
	case !who.oauth2() && !who.apiTokens:
		rep.closed = append(rep.closed, name)
	}
	if who.anonymous {
		rep.anonymous = append(rep.anonymous, name)
	}
	if who.authenticated {
		rep.authenticated = append(rep.authenticated, name)
	}
	for _, l := range notes.leftOut {
		rep.leftOut = append(rep.leftOut, name+": "+l)
	}
	if len(notes.ignored) > 0 {
		rep.besides = append(rep.besides, name+": "+strings.Join(distinct(notes.ignored), ", "))
	}
}

func (rep *report) print(w io.Writer, doc *document, resources []*resource, status string) {
	scopes := used(resources)
	fmt.Fprintf(w, "%s: %s with %s\n", doc.path, doc.kind, count(len(doc.operations), "operation"))
	fmt.Fprintf(w, "%s: %s for %s, and %s\n", status, count(len(resources), "resource"), count(rep.imported, "operation"), count(len(scopes), "scope"))
	section(w, "Everybody may call these, since the document says nothing of credentials:", rep.undeclared)
	section(w, "Everybody may call these (public):", rep.public)
	section(w, "These can be called without credentials (anonymous):", rep.anonymous)
	section(w, "Any OAuth2 token may call these (authenticated):", rep.authenticated)
	section(w, "No token opens these; they are left to other logins of the server:", rep.closed)
	section(w, "Schemes that are needed together, which a guard cannot say and does not let in:", rep.leftOut)
	section(w, "Ignored schemes, which no guard checks and something else must:", rep.besides)
	lines := make([]string, len(rep.ignored))
	for i, g := range rep.ignored {
		lines[i] = g.what + ": " + g.why
	}
	section(w, "Not in the spec:", lines)
	undeclared, unused := doc.undeclared()
	section(w, "Scopes that operations list and no scheme declares:", undeclared)
	section(w, "Scopes that are declared and that no operation lists:", unused)
	var without []string
	for _, s := range scopes {
		if doc.text(s) == "" && !slices.Contains(undeclared, s) {
			without = append(without, s)
		}
	}
	section(w, "Scopes without a text:", without)
}

// section prints a heading and lines, if there are any.
func section(w io.Writer, heading string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(w, "\n%s\n  %s\n", heading, strings.Join(lines, "\n  "))
	}
}
