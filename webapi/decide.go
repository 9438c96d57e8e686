package webapi

import (
	"context"
)

// maxSuper is how many guards may stand behind one another. More means that
// resources name each other in a circle.
const maxSuper = 32

// decide asks res and its Supers, and reports the outcome.
func (s *state) decide(res Resource, c *call) *Error {
	rules := res.AccessRules()
	required, answered := res.RequiredScopes(c.method)
	asked, requires := rules.Name, required
	c.key, c.list = rules.Key, c.list || s.list.of(&rules)

	var shadowed *Error
	denied := s.judge(&rules, required, answered && c.hasView, c)
	for depth := 0; ; depth++ {
		if s.failure == nil && denied.lacksScope() && s.cfg.shadows(asked) {
			if shadowed == nil {
				shadowed = denied
			}
			denied = nil
		}
		if denied != nil || rules.Super == nil {
			break
		}
		if depth == maxSuper {
			denied = newError(codePermissionDenied)
			break
		}
		res = rules.Super
		rules = res.AccessRules()
		required, answered = res.RequiredScopes(c.method)
		denied = s.judge(&rules, required, answered, c)
	}
	if s.cfg.listens() {
		s.report(c.decision(asked, requires), denied, shadowed)
	}
	return denied
}

// judge is the decision. It has the rows of the table in the package's
// documentation, in their order, and returns nil where the view runs.
func (s *state) judge(rules *AccessRules, required Requirement, answered bool, c *call) *Error {
	if !answered { // 1
		return methodNotAllowed(rules.Allow)
	}
	if rules.Name == "" { // the zero rules let nobody through
		return newError(codePermissionDenied)
	}
	if s.failure != nil { // 2
		rejected := *s.failure
		return &rejected
	}
	token := s.token
	if token == nil && (s.unscoped || listed(rules.Anonymous, c.method)) { // 3
		return nil
	}
	if token == nil { // 4
		return newError(codeNotLoggedIn)
	}
	expired := token.expired(s.cfg.now())
	if expired && token.Session { // 5
		return sessionEnded()
	}
	if expired { // 6
		return newError(codeLoginFailed)
	}
	switch token.Kind {
	case APIToken: // 7
		objectID, known := s.object(rules, c)
		if rules.APITokens && known && token.Policy.Allows(rules.Policy, c.method, objectID) {
			return nil
		}
		return newError(codePermissionDenied)
	case OAuth2:
		if !rules.OAuth2 { // 8
			return newError(codeAccessDenied)
		}
		if !required.met(&token.Scopes) { // 9
			return missingScope(required, token.Scopes)
		}
		return nil // 10
	default: // a kind that nobody knows
		return newError(codePermissionDenied)
	}
}

// object returns the ID of the object of the resource with rules that c is for,
// "" for the collection. It is false if the resource has objects and nobody
// knows which one is meant. A Super with the Key of the resource that was asked
// stands for the same object; one with another Key is known by the path.
func (s *state) object(rules *AccessRules, c *call) (id string, known bool) {
	switch {
	case rules.Key == c.key:
		id = c.object()
		return id, id != "" || c.list || c.key == ""
	case rules.Key == "":
		return "", true
	case c.r != nil:
		id = c.r.PathValue(rules.Key)
	default:
		id = s.objects[rules.Key]
	}
	return id, id != ""
}

func sessionEnded() *Error {
	e := newError(codeNotLoggedIn)
	e.logout = true
	return e
}

// Decision is what a guard decided. It has neither the token nor its scopes.
type Decision struct {
	// Context is that of the request, for trace IDs and the like.
	Context context.Context
	// Resource is the name of the resource that was asked, Method the method
	// as given, which can be any text that a client sends, and ObjectID the
	// object, "" for a collection and where none is known.
	Resource, Method, ObjectID string
	// Required is what the method requires of an OAuth2 token.
	Required Requirement
	// Subject and ClientID are those of the token; "" if there is none.
	Subject, ClientID string
	// Outcome is the decision in one word.
	Outcome Outcome
	// Err is the *Error that denies, and for [OutcomeShadowed] the one that
	// would have denied; nil otherwise. It is also what the caller gets: do
	// not change it.
	Err error
}

// Outcome is the kind of a [Decision]. There are few, and they never come from
// the client, so that each can be a label of a metric.
type Outcome uint8

// The outcomes. The view runs after OutcomeAllowed and OutcomeShadowed.
const (
	OutcomeUnknown          Outcome = iota // no decision
	OutcomeAllowed                         // the view may run
	OutcomeShadowed                        // a scope is missing, but Config.DangerouslyShadowScopesOf names the resource
	OutcomeMethodNotAllowed                // ErrMethodNotAllowed
	OutcomeNotLoggedIn                     // ErrNotLoggedIn
	OutcomeLoginFailed                     // ErrLoginFailed
	OutcomePermissionDenied                // ErrPermissionDenied
	OutcomeAccessDenied                    // ErrAccessDenied
	OutcomeMissingScope                    // ErrMissingScope
	OutcomeRefused                         // the request was to be refused before the guard: malformed or unverifiable credentials
)

// String returns the outcome in snake case, such as "missing_scope".
func (o Outcome) String() string {
	switch o {
	case OutcomeAllowed:
		return "allowed"
	case OutcomeShadowed:
		return "shadowed"
	case OutcomeMethodNotAllowed:
		return "method_not_allowed"
	case OutcomeNotLoggedIn:
		return "not_logged_in"
	case OutcomeLoginFailed:
		return "login_failed"
	case OutcomePermissionDenied:
		return "permission_denied"
	case OutcomeAccessDenied:
		return "access_denied"
	case OutcomeMissingScope:
		return "missing_scope"
	case OutcomeRefused:
		return "refused"
	default:
		return "unknown"
	}
}

// outcomeOf returns the outcome of a decision that denies, or that lets through
// if denied is nil.
func outcomeOf(denied *Error) Outcome {
	switch {
	case denied == nil:
		return OutcomeAllowed
	case denied.refused:
		return OutcomeRefused
	}
	switch denied.Code {
	case codeMethodNotAllowed:
		return OutcomeMethodNotAllowed
	case codeNotLoggedIn:
		return OutcomeNotLoggedIn
	case codeLoginFailed:
		return OutcomeLoginFailed
	case codePermissionDenied:
		return OutcomePermissionDenied
	case codeAccessDenied:
		return OutcomeAccessDenied
	case codeMissingScope:
		return OutcomeMissingScope
	default:
		return OutcomeUnknown
	}
}

// listens reports whether somebody is told of decisions.
func (c *Config) listens() bool { return c != nil && c.OnDecision != nil }

// report tells Config.OnDecision of d, and adds how it came out, which is
// shadowed where nothing denied, and whose request it was.
func (s *state) report(d Decision, denied, shadowed *Error) {
	d.Outcome = outcomeOf(denied)
	if denied == nil && shadowed != nil {
		d.Outcome, denied = OutcomeShadowed, shadowed
	}
	if denied != nil {
		d.Err = denied
	}
	if s.token != nil {
		d.Subject, d.ClientID = s.token.Subject, s.token.ClientID
	}
	s.cfg.OnDecision(d)
}
