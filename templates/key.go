package templates

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/model"
)

// A keyBuilder makes samples of a resource or a package, in which placeholders
// stand for the texts. All else that an output depends on goes into the key: the
// outputs of two resources with the same key differ in their values alone, so
// that a template made of the sample of one gives those of both.
type keyBuilder struct {
	key           []byte
	values        []string
	refs, samples []model.ScopeRef // scopes, and their placeholders
	irregular     bool             // gofmt might change a value, so no template will do
	names         []string         // of placeholders
}

// reset starts the key of another file. It overwrites the values of the last one.
func (k *keyBuilder) reset(kind string) {
	*k = keyBuilder{key: append(k.key[:0], kind...), values: k.values[:0], refs: k.refs[:0], samples: k.samples[:0], names: k.names}
}

// guard returns samples for a resource and for its package, which has a catalogue
// or not.
func (k *keyBuilder) guard(pkg *model.Package, r *model.Resource) (*model.Package, *model.Resource) {
	k.reset("guard ")
	sample := &model.Package{Name: k.text(pkg.Name)}
	if k.flag(pkg.HasCatalog()) {
		sample.Resources = []*model.Resource{{}}
	}
	return sample, k.resource(r)
}

// pkg returns a sample of a package: one without resources that has placeholders
// for texts.
func (k *keyBuilder) pkg(p *model.Package) *model.Package {
	k.reset("catalog ")
	sample := &model.Package{Name: k.text(p.Name), Scopes: make([]model.Scope, k.number(len(p.Scopes)))}
	for i, s := range p.Scopes {
		sample.Scopes[i] = k.scope(s)
	}
	if k.flag(slices.ContainsFunc(p.Catalogued(), (*model.Resource).HasMaxAge)) {
		sample.Resources = []*model.Resource{{Methods: []model.Method{{StepUp: model.StepUp{MaxAge: time.Second}}}}}
	}
	return sample
}

// resource returns a sample of a resource.
func (k *keyBuilder) resource(r *model.Resource) *model.Resource {
	sample := &model.Resource{
		File:        model.File{Constraint: k.word(r.File.Constraint), Test: k.flag(r.File.Test)},
		Type:        k.text(r.Type),
		TypeParams:  k.number(r.TypeParams),
		Declare:     k.flag(r.Declare),
		Name:        k.text(r.Name),
		ScopeName:   k.text(r.ScopeName),
		Format:      k.format(r.Format),
		Policy:      k.text(r.Policy),
		Key:         k.optional(r.Key),
		Description: k.prose(r.Description),
		OAuth2:      k.flag(r.OAuth2),
		APITokens:   k.flag(r.APITokens),
		Base:        k.text(r.Base),
		Methods:     make([]model.Method, k.number(len(r.Methods))),
		Scopes:      make([]model.Scope, k.number(len(r.Scopes))),
		Grants:      make([]model.Grant, k.number(len(r.Grants))),
	}
	for i, m := range r.Methods {
		sample.Methods[i] = model.Method{
			Name: k.word(m.Name), Action: k.text(m.Action), Public: k.flag(m.Public), Anonymous: k.flag(m.Anonymous),
			Authenticated: k.flag(m.Authenticated), Requires: k.requirement(m.Requires), Added: k.number(m.Added),
			StepUp: k.stepUp(m.StepUp),
		}
	}
	for i, s := range r.Scopes {
		sample.Scopes[i] = k.scope(s)
	}
	for i, g := range r.Grants {
		sample.Grants[i] = model.Grant{Scope: k.ref(g.Scope), By: k.alternative(g.By), Aliases: make([]model.Alias, k.number(len(g.Aliases)))}
		for j, a := range g.Aliases {
			sample.Grants[i].Aliases[j] = model.Alias{Old: k.text(a.Old), New: k.text(a.New), Until: k.optional(a.Until)}
		}
	}
	if k.flag(r.Super != nil) {
		sample.Super = &model.Super{Field: k.text(r.Super.Field), Pointer: k.flag(r.Super.Pointer)}
	}
	return sample
}

// format returns a format that makes the same file: its values are in the scopes.
func (k *keyBuilder) format(format string) string {
	if k.flag(format == annotations.DefaultFormat) {
		return annotations.DefaultFormat
	}
	return ""
}

// text returns the placeholder of a text.
func (k *keyBuilder) text(text string) string {
	// In comments gofmt turns two plain quotation marks into a typographical one,
	// and it breaks a line with a token of more than a million bytes.
	const long = 100_000 // bytes, which grow when they are quoted
	k.irregular = k.irregular || len(text) > long ||
		strings.Contains(text, placeholderEnd) || strings.Contains(text, "``") || strings.Contains(text, "''")
	i := len(k.values)
	k.values = append(k.values, text)
	if i == len(k.names) {
		k.names = append(k.names, placeholder(i))
	}
	return k.names[i]
}

// optional returns the placeholder of a text that may be "", and then has none.
func (k *keyBuilder) optional(text string) string {
	if !k.flag(text != "") {
		return ""
	}
	return k.text(text)
}

// prose returns the placeholder of a text for people. Its full stop stays, as a
// comment gets one only if it has none.
func (k *keyBuilder) prose(text string) string {
	end := ""
	if endsSentence(text) {
		end = text[len(text)-1:]
	}
	return k.optional(strings.TrimSuffix(text, end)) + k.word(end)
}

// word enters a text into the key. A build tag may be any letters, even those of
// a placeholder.
func (k *keyBuilder) word(text string) string {
	k.irregular = k.irregular || strings.Contains(text, placeholderEnd)
	k.key = strconv.AppendQuote(k.key, text)
	return text
}

func (k *keyBuilder) flag(on bool) bool {
	k.key = strconv.AppendBool(k.key, on)
	return on
}

func (k *keyBuilder) number(n int) int {
	k.key = append(strconv.AppendInt(k.key, int64(n), 10), ',')
	return n
}

// ref returns the placeholders of a scope: the same ones wherever it is named.
func (k *keyBuilder) ref(ref model.ScopeRef) model.ScopeRef {
	i := k.number(slices.Index(k.refs, ref))
	if i < 0 {
		i = len(k.refs)
		k.refs = append(k.refs, ref)
		k.samples = append(k.samples, model.ScopeRef{Value: k.text(ref.Value), Const: k.optional(ref.Const)})
	}
	return k.samples[i]
}

// stepUp enters what a method needs of a login into the key.
func (k *keyBuilder) stepUp(s model.StepUp) model.StepUp {
	k.number(int(s.MaxAge))
	k.number(len(s.ACR))
	for _, acr := range s.ACR {
		k.word(acr)
	}
	return s
}

func (k *keyBuilder) requirement(q model.Requirement) model.Requirement {
	sample := make(model.Requirement, k.number(len(q)))
	for i, all := range q {
		sample[i] = k.alternative(all)
	}
	return sample
}

func (k *keyBuilder) alternative(all []model.ScopeRef) []model.ScopeRef {
	sample := make([]model.ScopeRef, k.number(len(all)))
	for i, ref := range all {
		sample[i] = k.ref(ref)
	}
	return sample
}

func (k *keyBuilder) scope(s model.Scope) model.Scope {
	k.number(len(s.Methods))
	for _, m := range s.Methods {
		k.word(m)
	}
	implies := make([]string, k.number(len(s.Implies)))
	for i, scope := range s.Implies {
		implies[i] = k.text(scope)
	}
	return model.Scope{ScopeRef: k.ref(s.ScopeRef), Action: k.optional(s.Action), Methods: s.Methods, Implies: implies, Text: k.prose(s.Text)}
}
