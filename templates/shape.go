package templates

import (
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/model"
)

// A shaper takes resources apart, one after the other: into a resource of the same
// shape whose texts are the names of gaps, and into the texts. Resources with the
// same key differ in their texts alone.
type shaper struct {
	key   []byte
	all   []byte           // the texts
	ends  []uint32         // of each
	refs  []model.ScopeRef // those that have gaps already
	gaps  []model.ScopeRef // theirs
	odd   bool             // gofmt might lay out a text, so that no form will do
	named bool             // the gaps have names, which only who makes a form wants

	// What a resource without texts is made of. Unless the gaps are named, it is
	// made of the same again and again.
	out          model.Resource
	methods      arena[model.Method]
	scopes       arena[model.Scope]
	alternatives arena[[]model.ScopeRef]
	scopeRefs    arena[model.ScopeRef]
}

// An arena is memory for slices that are all given up at once.
type arena[T any] []T

// take returns a slice of n elements, which are to be overwritten.
func (a *arena[T]) take(n int) []T {
	used := len(*a)
	if used+n > cap(*a) {
		*a, used = make([]T, 0, 2*(used+n)), 0
	}
	*a = (*a)[:used+n]
	return (*a)[used : used+n : used+n]
}

// guard takes a resource apart for its guard and its entry in the catalogue.
func (s *shaper) guard(pkg *model.Package, r *model.Resource) (*model.Package, *model.Resource) {
	s.begin("guard ")
	return &model.Package{Name: s.gap(pkg.Name)}, s.resource(r)
}

// catalog takes a package apart for its catalogue, in which one entry stands for
// all.
func (s *shaper) catalog(pkg *model.Package) *model.Package {
	s.begin("catalog ")
	out := s.pkg(pkg)
	if s.flag(len(pkg.Catalogued()) > 0) {
		out.Resources = []*model.Resource{{}}
	}
	return out
}

// begin begins another shape.
func (s *shaper) begin(kind string) {
	s.key = append(s.key[:0], kind...)
	s.all, s.ends, s.refs, s.gaps, s.odd = s.all[:0], s.ends[:0], s.refs[:0], s.gaps[:0], false
	s.methods, s.scopes, s.alternatives, s.scopeRefs = s.methods[:0], s.scopes[:0], s.alternatives[:0], s.scopeRefs[:0]
}

// gap returns the gap for a text.
func (s *shaper) gap(text string) string {
	// In comments gofmt makes typographical quotation marks of two plain ones, and
	// to what is longer than a million bytes it gives a place of its own.
	const long = 100_000 // bytes, of which quoting makes more
	s.odd = s.odd || len(text) > long || strings.Contains(text, gapClose) || strings.Contains(text, "``") || strings.Contains(text, "''")
	s.all = append(s.all, text...)
	s.ends = append(s.ends, uint32(len(s.all)))
	if !s.named {
		return ""
	}
	return gapNameOf(len(s.ends) - 1)
}

// texts returns the texts of what was taken apart last.
func (s *shaper) texts() texts { return texts{string(s.all), slices.Clone(s.ends)} }

// prose returns the gap for a text for people. Whether there is one, and whether
// it ends like a sentence, is part of the shape.
func (s *shaper) prose(text string) string {
	switch {
	case text == "":
		s.key = append(s.key, '0')
		return ""
	case endsSentence(text):
		end := len(text) - 1
		s.key = append(s.key, text[end])
		gap := s.gap(text[:end])
		if !s.named {
			return ""
		}
		return gap + text[end:]
	}
	s.key = append(s.key, '1')
	return s.gap(text)
}

// flag notes a part of the shape.
func (s *shaper) flag(on bool) bool {
	s.key = strconv.AppendBool(s.key, on)
	return on
}

// word notes a part of the shape that stands in the form as it is. A build tag may
// be any letters, even those that stand for a gap.
func (s *shaper) word(text string) string {
	s.odd = s.odd || strings.Contains(text, gapClose)
	s.key = strconv.AppendQuote(s.key, text)
	return text
}

func (s *shaper) number(n int) int {
	s.key = append(strconv.AppendInt(s.key, int64(n), 10), ',')
	return n
}

// optional returns the gap for a text that may be "".
func (s *shaper) optional(text string) string {
	if !s.flag(text != "") {
		return ""
	}
	return s.gap(text)
}

// ref returns the gaps for a scope. The same scope has the same ones throughout
// a resource.
func (s *shaper) ref(ref model.ScopeRef) model.ScopeRef {
	for i, have := range s.refs {
		if have == ref {
			s.number(i)
			return s.gaps[i]
		}
	}
	s.number(len(s.refs))
	out := model.ScopeRef{Value: s.gap(ref.Value), Const: s.optional(ref.Const)}
	s.refs, s.gaps = append(s.refs, ref), append(s.gaps, out)
	return out
}

// resource returns the shape of a resource.
func (s *shaper) resource(r *model.Resource) *model.Resource {
	out := &s.out
	*out = model.Resource{
		File:        model.File{Constraint: s.word(r.File.Constraint), Test: s.flag(r.File.Test)},
		Type:        s.gap(r.Type),
		TypeParams:  s.number(r.TypeParams),
		Declare:     s.flag(r.Declare),
		Name:        s.gap(r.Name),
		ScopeName:   s.gap(r.ScopeName),
		Policy:      s.gap(r.Policy),
		Key:         s.optional(r.Key),
		Description: s.prose(r.Description),
		OAuth2:      s.flag(r.OAuth2),
		APITokens:   s.flag(r.APITokens),
		Base:        s.gap(r.Base),
		Methods:     s.methods.take(s.number(len(r.Methods))),
		Scopes:      s.scopes.take(s.number(len(r.Scopes))),
	}
	for i, m := range r.Methods {
		out.Methods[i] = model.Method{
			Name: s.word(m.Name), Action: s.gap(m.Action), Anonymous: s.flag(m.Anonymous), Requires: s.requirement(m.Requires),
		}
	}
	for i, scope := range r.Scopes {
		out.Scopes[i] = s.scope(scope)
		for _, m := range scope.Methods {
			s.word(m)
		}
		out.Scopes[i].Methods = scope.Methods
	}
	if s.flag(r.Super != nil) {
		out.Super = &model.Super{Field: s.gap(r.Super.Field), Pointer: s.flag(r.Super.Pointer)}
	}
	return out
}

func (s *shaper) requirement(q model.Requirement) model.Requirement {
	out := s.alternatives.take(s.number(len(q)))
	for i, all := range q {
		out[i] = s.scopeRefs.take(s.number(len(all)))
		for j, ref := range all {
			out[i][j] = s.ref(ref)
		}
	}
	return out
}

func (s *shaper) scope(scope model.Scope) model.Scope {
	return model.Scope{ScopeRef: s.ref(scope.ScopeRef), Action: s.optional(scope.Action), Text: s.prose(scope.Text)}
}

// pkg returns the shape of a package without resources.
func (s *shaper) pkg(p *model.Package) *model.Package {
	out := &model.Package{Name: s.gap(p.Name), Scopes: make([]model.Scope, s.number(len(p.Scopes)))}
	for i, scope := range p.Scopes {
		out.Scopes[i] = s.scope(scope)
	}
	return out
}
