package model

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A StepUp is what an operation needs of the user's login, besides scopes (RFC 9470). The
// zero value needs nothing.
type StepUp struct {
	ACR    []string      // the accepted values, in order of preference; any if there is none
	MaxAge time.Duration // of the login, in whole seconds; any if 0
}

// Needed reports whether s needs anything.
func (s StepUp) Needed() bool { return len(s.ACR) > 0 || s.MaxAge > 0 }

// Equal reports whether s and t need the same, with the same preferences.
func (s StepUp) Equal(t StepUp) bool { return s.MaxAge == t.MaxAge && slices.Equal(s.ACR, t.ACR) }

// Words returns what s needs, as acr=gold|silver and maxage=5m.
func (s StepUp) Words() []string {
	var words []string
	if len(s.ACR) > 0 {
		words = append(words, annotations.KeyACR+"="+strings.Join(s.ACR, "|"))
	}
	if s.MaxAge > 0 {
		words = append(words, annotations.KeyMaxAge+"="+FormatAge(s.MaxAge))
	}
	return words
}

// FormatAge returns a duration of whole seconds without the units that are zero: 5m, not
// 5m0s.
func FormatAge(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// And returns what s and t need together. It returns false if no login has it.
func (s StepUp) And(t StepUp) (both StepUp, possible bool) {
	both = StepUp{slices.Clone(s.ACR), s.MaxAge}
	if both.MaxAge == 0 || t.MaxAge > 0 && t.MaxAge < both.MaxAge {
		both.MaxAge = t.MaxAge
	}
	switch {
	case len(s.ACR) == 0:
		both.ACR = slices.Clone(t.ACR)
	case len(t.ACR) > 0:
		both.ACR = slices.DeleteFunc(both.ACR, func(acr string) bool { return !slices.Contains(t.ACR, acr) })
		return both, len(both.ACR) > 0
	}
	return both, true
}

// Or returns what each of s and t is enough for: no more than what both need. A negative
// MaxAge accepts no login.
func (s StepUp) Or(t StepUp) StepUp {
	switch {
	case s.MaxAge < 0:
		return t
	case t.MaxAge < 0:
		return s
	}
	var either StepUp
	if len(s.ACR) > 0 && len(t.ACR) > 0 {
		either.ACR = slices.Concat(s.ACR, t.ACR)
	}
	if s.MaxAge > 0 && t.MaxAge > 0 {
		either.MaxAge = max(s.MaxAge, t.MaxAge)
	}
	return either
}

// stepUps resolves acr= and maxage=, by operation.
func (r *resolver) stepUps(s annotations.Settings, open openTo, answered []string) map[string]StepUp {
	var ups map[string]StepUp
	for _, key := range []string{annotations.KeyACR, annotations.KeyMaxAge} {
		v, written := s.Value(key)
		if !written {
			continue
		}
		if ups == nil {
			ups = map[string]StepUp{}
		}
		named := map[string]annotations.Text{}
		var operations []annotations.Text // each once, although it may have several values
		for _, item := range v.Items {
			if len(operations) == 0 || operations[len(operations)-1].Pos != item.Key.Pos {
				operations = append(operations, item.Key)
			}
		}
		among := countFolded(operations)
		for _, item := range v.Items {
			m := item.Key
			first, again := named[m.Value]
			switch {
			case again && first.Pos != m.Pos:
				r.diags.Add(m.Pos, diag.Repeated, "method %s is repeated in %s", m.Value, key)
				continue
			case !again:
				named[m.Value] = m
				if !r.settable(key, m, answered, among) {
					continue
				}
				for _, k := range openKeys {
					if k.name != annotations.KeyAuthenticated && slices.Contains(open[k.name], m.Value) {
						r.diags.Add(m.Pos, diag.Contradiction, "%s names %s, which is %s, so it needs no login; leave it out of one of them", key, m.Value, k.name)
					}
				}
			}
			up := ups[m.Value]
			if key == annotations.KeyACR {
				up.ACR = r.acr(m.Value, item.Value, up.ACR)
			} else {
				up.MaxAge = r.maxAge(m.Value, item.Value)
			}
			ups[m.Value] = up
		}
	}
	return ups
}

// acr adds a value of acr=.
func (r *resolver) acr(operation string, value annotations.Text, list []string) []string {
	switch {
	case value.Value == "":
		r.diags.Add(value.Pos, diag.EmptyValue, "%s of %s has no value", annotations.KeyACR, operation)
	case !isScope(value.Value) || strings.ContainsAny(value.Value, ",|"):
		r.diags.Add(value.Pos, diag.BadChoice, `%s of %s: %q is not an acr value: printable ASCII without space, comma, |, " and \; `+
			"an operation accepts several if blanks stand between them, or in a list of a spec", annotations.KeyACR, operation, value.Value)
	case slices.Contains(list, value.Value):
		r.diags.Add(value.Pos, diag.Repeated, "acr value %s of %s is repeated", value.Value, operation)
	default:
		return append(list, value.Value)
	}
	return list
}

// maxAge returns a value of maxage=.
func (r *resolver) maxAge(operation string, value annotations.Text) time.Duration {
	if value.Value == "" {
		r.diags.Add(value.Pos, diag.EmptyValue, "%s of %s has no value", annotations.KeyMaxAge, operation)
		return 0
	}
	age, ok := ParseAge(value.Value)
	if !ok {
		r.diags.Add(value.Pos, diag.BadChoice, "%s of %s must be a number of hours, minutes and seconds, at least 1s, such as 90s, 5m or 1h30m, got %q",
			annotations.KeyMaxAge, operation, value.Value)
	}
	return age
}

// ParseAge parses a duration of hours, minutes and seconds, which are whole numbers. There is
// at least one second.
func ParseAge(text string) (time.Duration, bool) {
	age, err := time.ParseDuration(text)
	return age, err == nil && age >= time.Second && ageForm().MatchString(text)
}

var ageForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9]+h)?([0-9]+m)?([0-9]+s)?$`) })

// stepUp returns what a method needs of the user's login, given what is written. HEAD has
// that of GET, and a named operation that of its method if it has no value of its own.
func stepUp(m Method, ups map[string]StepUp) StepUp {
	if m.Public || m.Anonymous {
		return StepUp{}
	}
	method, _ := annotations.CutOperation(m.Name)
	if method == "HEAD" {
		method = "GET"
	}
	own, of := ups[m.Name], ups[method]
	if len(own.ACR) == 0 {
		own.ACR = of.ACR
	}
	own.MaxAge = cmp.Or(own.MaxAge, of.MaxAge)
	return own
}

// bothLogins returns what a method and that of its super need of the user's login.
func (r *resolver) bothLogins(res *resource, m, super Method) StepUp {
	both, possible := m.StepUp.And(super.StepUp)
	if !possible && m.Name != "HEAD" {
		s := res.written.Settings
		at := s.Method(annotations.KeyACR, m.Name)
		if method, _ := annotations.CutOperation(m.Name); !at.Written() {
			at = s.Method(annotations.KeyACR, method)
		}
		r.diags.Add(at.Pos, diag.Contradiction, "no login opens %s: it needs acr %s here, and %s for the super %s",
			m.Name, strings.Join(m.StepUp.ACR, " or "), strings.Join(super.StepUp.ACR, " or "), res.base.Type)
	}
	return both
}

// A Login is how and when a user has logged in.
type Login struct {
	ACR   string        // "" if there is none
	Age   time.Duration // unless the time is unknown
	Known bool          // whether the time is known
}

// Accepts reports whether a login has what s needs.
func (s StepUp) Accepts(l Login) bool {
	return (len(s.ACR) == 0 || slices.Contains(s.ACR, l.ACR)) && (s.MaxAge == 0 || l.Known && l.Age <= s.MaxAge)
}

// words returns a login as package webapitest parses it.
func (l Login) words() string {
	var text string
	if l.ACR != "" {
		text = ", acr=" + l.ACR
	}
	if l.Known {
		text += ", login=" + FormatAge(l.Age)
	}
	return text
}

// logins returns the logins of a contract test: for each need of a method those that meet
// it, of which the first is that of a session, and those that just fail. There is none if no
// method needs a login.
func (r *Resource) logins() (all, sessions []Login) {
	add := func(acr string, age time.Duration) {
		l := Login{acr, age, age > 0}
		if !slices.Contains(all, l) && l != (Login{}) {
			all = append(all, l)
		}
	}
	for _, g := range r.StepUps() {
		first := ""
		for i, acr := range g.ACR {
			if i == 0 {
				first = acr
			}
			add(acr, g.MaxAge)
		}
		add("", g.MaxAge)
		if g.MaxAge > 0 {
			add(first, g.MaxAge+time.Second)
		}
		sessions = append(sessions, Login{first, g.MaxAge, g.MaxAge > 0})
	}
	return all, sessions
}

// HasMaxAge reports whether a method of the resource needs a recent login.
func (r *Resource) HasMaxAge() bool {
	return slices.ContainsFunc(r.Methods, func(m Method) bool { return m.StepUp.MaxAge > 0 })
}

// StepUpFunc returns the function that says what a method needs of the user's login.
func (r *Resource) StepUpFunc() string { return Unexported(r.Base) + "StepUp" }

// A StepUpGroup is the methods of a resource that need the same of the user's login.
type StepUpGroup struct {
	StepUp
	Methods []string
}

// StepUps returns the methods that need something of the user's login in groups, in the
// order of their first methods.
func (r *Resource) StepUps() []StepUpGroup {
	var groups []StepUpGroup
	for _, m := range r.Methods {
		i := slices.IndexFunc(groups, func(g StepUpGroup) bool { return g.Equal(m.StepUp) })
		switch {
		case !m.StepUp.Needed():
		case i >= 0:
			groups[i].Methods = append(groups[i].Methods, m.Name)
		default:
			groups = append(groups, StepUpGroup{m.StepUp, []string{m.Name}})
		}
	}
	return groups
}
