// Package change says what a change of declarations means: who is let through
// that was refused before, and who is refused that was let through.
//
// That follows from the requirements by logic, whatever their spelling: a method
// is widened if some request is let through that was not before, narrowed if
// some request is refused that was let through before, and both may hold. A
// request comes without credentials, with an OAuth2 token, which is the set of
// its scopes, or with an API token. Tokens that have expired or are unknown are
// refused in any case.
package change

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// A Label says one thing about a change.
type Label string

// The labels.
const (
	Widened   Label = "widened"   // some request is let through that was refused
	Narrowed  Label = "narrowed"  // some request is refused that was let through
	Anonymous Label = "anonymous" // a request without credentials is now let through
	Closed    Label = "closed"    // OAuth2 tokens were accepted, and now are not
	Renamed   Label = "renamed"   // the same under another name
	Added     Label = "added"     // the method was not answered
	Removed   Label = "removed"   // the method is not answered any more
	Text      Label = "text"      // a text for people; nobody's access
)

// Labels returns all labels, the gravest first.
func Labels() []Label {
	return []Label{Widened, Anonymous, Narrowed, Closed, Removed, Added, Renamed, Text}
}

// A Change is what became of one method, one resource or one scope.
type Change struct {
	Subject  string           // "api.NoteResource DELETE", "resource api.NoteResource", "public api.Health", "scope note:read"
	Labels   []Label          // in the order of Labels
	Before   string           // as a lock file has it; "" if it is new; of a type that has gone with its name, if the new one may be that
	After    string           // "" if it is gone
	Examples []Example        // requests that show what is widened or narrowed
	Access   *lockfile.Access `json:"-"` // of a method: as it is now, or was if it is gone
}

// Has reports whether the change has a label.
func (c Change) Has(label Label) bool { return slices.Contains(c.Labels, label) }

// A Report is the difference between two lock files.
type Report struct {
	Changes []Change // the gravest first
	Unused  []string // scopes that a method needed before and none needs now, though they are still declared
	Unmet   []string // methods whose requirement no set of declared scopes meets, and could before: "api.NoteResource GET"
}

// Labels returns the labels that any change has.
func (r *Report) Labels() []Label {
	return slices.DeleteFunc(Labels(), func(l Label) bool {
		return !slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Has(l) })
	})
}

// Compare returns what has changed from before to after.
func Compare(before, after *lockfile.File) *Report {
	d := differ{before: before, after: after, report: &Report{}}
	d.types, d.gone = renamedTypes(before, after)
	d.scopes = renamedScopes(before, after)
	d.methods()
	d.resources()
	d.publics()
	d.texts()
	d.catalogue()
	slices.SortStableFunc(d.report.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.gravity(), b.gravity()), strings.Compare(a.Subject, b.Subject))
	})
	return d.report
}

// gravity returns the place of the gravest label.
func (c Change) gravity() int { return slices.Index(Labels(), c.Labels[0]) }

// A differ compares two lock files.
type differ struct {
	before, after *lockfile.File
	types         map[string]string // what a type was called before, where it was called otherwise
	gone          []string          // types of before that became none of after
	scopes        map[string]string // the same as types for scopes
	report        *Report
}

// add files a change, unless nothing is to be said of it.
func (d *differ) add(c Change, labels ...Label) {
	for _, l := range Labels() {
		if slices.Contains(labels, l) {
			c.Labels = append(c.Labels, l)
		}
	}
	if c.Labels != nil {
		d.report.Changes = append(d.report.Changes, c)
	}
}

// was returns what a type was called before.
func (d *differ) was(typ string) string {
	if old, ok := d.types[typ]; ok {
		return old
	}
	return typ
}

// methods compares the methods of all resources.
func (d *differ) methods() {
	type key struct{ typ, method string }
	old := map[key]lockfile.Access{}
	for _, a := range d.before.Access {
		old[key{a.Type, a.Method}] = a
	}
	for _, a := range d.after.Access {
		k := key{d.was(a.Type), a.Method}
		subject := a.Type + " " + a.Method
		b, answered := old[k]
		delete(old, k)
		if !answered {
			d.addMethod(subject, a)
			continue
		}
		c := Change{Subject: subject, Before: rights(b), After: rights(a), Access: &a}
		var labels []Label
		if b.OAuth2 && !a.OAuth2 {
			labels = append(labels, Closed)
		}
		c.Examples = examples(b, a)
		labels = append(labels, labelsOf(c.Examples)...)
		if more, than := d.widening(a); than != nil {
			labels = append(labels, labelsOf(more)...)
			if !slices.ContainsFunc(c.Examples, Example.isNew) {
				c.Examples, c.Before = append(more, c.Examples...), c.Before+" / "+than.String()
			}
		}
		if len(labels) > 0 && sameBut(b, a, d.scopes) {
			labels = append(labels, Renamed)
		}
		d.add(c, labels...)
	}
	for _, b := range old {
		d.add(Change{Subject: b.Type + " " + b.Method, Before: rights(b), Access: &b}, Removed)
	}
}

// addMethod files a method that was not answered before. Who uses it was refused
// by every name, so it is added rather than widened, unless it may be what a type
// that has gone answered to fewer.
func (d *differ) addMethod(subject string, a lockfile.Access) {
	c := Change{Subject: subject, After: rights(a), Access: &a}
	labels := []Label{Added}
	if a.Anonymous {
		labels = append(labels, Anonymous)
	}
	if more, than := d.widening(a); than != nil {
		c.Before, c.Examples = than.String(), more
		labels = append(labels, Widened)
	}
	d.add(c, labels...)
}

// labelsOf returns the labels that examples give a change.
func labelsOf(examples []Example) []Label {
	var labels []Label
	for _, e := range examples {
		labels = append(labels, e.label())
		if e.Credentials == NoCredentials && e.Now {
			labels = append(labels, Anonymous)
		}
	}
	return labels
}

// rights returns what a lock file says behind the type and method.
func rights(a lockfile.Access) string {
	if !a.OAuth2 {
		return a.Accepted()
	}
	return a.Accepted() + " " + lockfile.Requirement(a.Requires)
}

// Credentials are what a request comes with.
type Credentials string

// The credentials.
const (
	NoCredentials Credentials = "none"
	OAuth2Token   Credentials = "oauth2"
	APIToken      Credentials = "apitoken"
)

// An Example is a request whose answer has changed.
type Example struct {
	Method      string
	Credentials Credentials
	Scopes      []string // of an OAuth2 token, which has no others
	Now         bool     // it is let through now, and was refused before; else the other way round
}

func (e Example) isNew() bool { return e.Now }

func (e Example) label() Label {
	if e.Now {
		return Widened
	}
	return Narrowed
}

// String returns the example as a sentence.
func (e Example) String() string {
	verdict := "could %s, now cannot"
	if e.Now {
		verdict = "could not %s, now can"
	}
	return e.who() + " " + fmt.Sprintf(verdict, e.Method)
}

func (e Example) who() string {
	switch {
	case e.Credentials == NoCredentials:
		return "a request without credentials"
	case e.Credentials == APIToken:
		return "an API token whose policy allows it"
	case len(e.Scopes) == 1:
		return "a token with " + e.Scopes[0] + " alone"
	}
	return "a token with " + strings.Join(e.Scopes, " and ") + " and nothing else"
}

// examples returns a request of each kind of credentials whose answer is not
// what it was: none if both methods let the same requests through. A token is as
// small as such a token can be.
func examples(before, after lockfile.Access) []Example {
	var list []Example
	add := func(kind Credentials, was, is bool) {
		if was != is {
			list = append(list, Example{Method: after.Method, Credentials: kind, Now: is})
		}
	}
	add(NoCredentials, before.Anonymous, after.Anonymous)
	add(APIToken, before.APITokens, after.APITokens)
	old, now := opened(before), opened(after)
	if scopes, ok := beyond(now, old); ok {
		list = append(list, Example{after.Method, OAuth2Token, scopes, true})
	}
	if scopes, ok := beyond(old, now); ok {
		list = append(list, Example{after.Method, OAuth2Token, scopes, false})
	}
	return list
}

// opened returns the alternatives that an OAuth2 token can meet.
func opened(a lockfile.Access) [][]string {
	if !a.OAuth2 {
		return nil
	}
	return a.Requires
}

// beyond returns the smallest set of scopes that meets one requirement and not
// the other, if there is one. To hold more scopes never closes anything, so only
// the alternatives themselves come into question: whoever meets the requirement
// holds one of them, and if that one meets the other requirement, so does he.
func beyond(requirement, other [][]string) ([]string, bool) {
	var found [][]string
	for _, all := range requirement {
		if !Meets(all, other) {
			found = append(found, all)
		}
	}
	if found == nil {
		return nil, false
	}
	return slices.MinFunc(found, func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
	}), true
}

// Meets reports whether a token with these scopes meets a requirement.
func Meets(scopes []string, requirement [][]string) bool {
	return slices.ContainsFunc(requirement, func(all []string) bool {
		return !slices.ContainsFunc(all, func(s string) bool { return !slices.Contains(scopes, s) })
	})
}
