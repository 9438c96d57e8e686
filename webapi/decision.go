package webapi

import "context"

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
