package webapi

import (
	"context"
	"net/http"
)

// maxSuper is the maximum length of a chain of Supers. A longer chain is a cycle.
const maxSuper = 32

// decide decides for res and its Supers, and reports the decision.
func (s *state) decide(res Resource, c *call) *Error {
	rules := res.AccessRules()
	first := res
	required, answered := res.RequiredScopes(c.method)
	name, requires := rules.Name, required
	c.key, c.list = rules.Key, c.list || c.method == listOperation || s.list == collectionOf(&rules)

	var shadowed, denied *Error
	method := c.method
	if c.r != nil && Operation(c.method).isNamed() {
		denied = c.mismatch(&rules, answered)
	}
	if denied == nil {
		denied = s.authorize(&rules, method, required, answered && c.hasView, c)
	}
	for depth := 0; ; depth++ {
		if s.failure == nil && denied.lacksScope() && s.cfg.shadows(name) {
			if shadowed == nil {
				shadowed = denied
			}
			denied = s.stepUp(&rules, method)
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
		method, required, answered = ofSuper(res, c.method)
		denied = s.authorize(&rules, method, required, answered, c)
	}
	if denied != nil && !denied.refused {
		s.nameScopes(denied, first, c.method)
	}
	if s.cfg.reports() {
		s.report(c.decision(s.cfg, name, requires), denied, shadowed)
	}
	return denied
}

// ofSuper returns the method or operation that a Super is asked about, and what it
// needs: a Super without the operation is asked about its method.
func ofSuper(res Resource, method string) (asked string, required Requirement, answered bool) {
	if required, answered = res.RequiredScopes(method); !answered {
		method = cutOperation(method)
		required, answered = res.RequiredScopes(method)
	}
	return method, required, answered
}

// nameScopes sets the scopes of the challenge to all that method needs of res and of
// its Supers, so that the client can ask for them at once. If one of them denies every
// token, a missing scope stays as the guard has found it, and a client without a token
// is told of none.
func (s *state) nameScopes(denied *Error, res Resource, method string) {
	var held Scopes
	switch denied.Code {
	case codeMissingScope:
		held = s.token.Scopes
	case codeNotLoggedIn, codeLoginFailed:
		denied.Needed = nil // what an Authenticator has set
	default:
		return
	}
	var needed, missing []Scope
	for range maxSuper + 1 {
		rules := res.AccessRules()
		asked, required, answered := ofSuper(res, method)
		switch {
		case !answered:
			return
		case listed(rules.Public, asked), rules.OAuth2 && listed(rules.Authenticated, asked):
		case !rules.OAuth2 || required.Alternatives() == nil:
			return
		default:
			n, m := required.nearest(held)
			needed, missing = append(needed, n...), append(missing, m...)
		}
		if res = rules.Super; res == nil {
			break
		}
	}
	denied.Needed = distinct(needed)
	if denied.Code == codeMissingScope {
		denied.Missing = distinct(missing)
	}
}

// mismatch returns the error of a request for a named operation that the resource does not
// answer, or of another method than the operation's own, and nil otherwise. An operation of
// GET answers HEAD.
func (c *call) mismatch(rules *AccessRules, answered bool) *Error {
	method := cutOperation(c.method)
	switch {
	case c.r.Method == c.method: // a client has sent the name of an operation as its method
		return methodNotAllowed(rules.Allow)
	case !answered:
		return methodNotAllowed("")
	case c.r.Method == method, c.r.Method == http.MethodHead && method == http.MethodGet:
		return nil
	case method == http.MethodGet:
		return methodNotAllowed("GET, HEAD")
	default:
		return methodNotAllowed(method)
	}
}

// authorize decides for one resource. It returns nil if the view runs. The numbers
// are the rows of the table in the package documentation.
func (s *state) authorize(rules *AccessRules, method string, required Requirement, answered bool, c *call) *Error {
	if !answered { // 1
		return methodNotAllowed(rules.Allow)
	}
	if rules.Name == "" { // the zero AccessRules
		return newError(codePermissionDenied)
	}
	if listed(rules.Public, method) { // 1a
		return nil
	}
	if s.failure != nil { // 2
		rejected := *s.failure
		return &rejected
	}
	token := s.token
	if token == nil && (s.unscoped || listed(rules.Anonymous, method)) { // 3
		return s.stepUp(rules, method) // 9a
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
		if rules.APITokens && rules.stepUp(method) == (StepUp{}) && s.permits(rules, c) {
			return nil
		}
		return newError(codePermissionDenied)
	case OAuth2:
		if !rules.OAuth2 { // 8
			return newError(codeAccessDenied)
		}
		if !listed(rules.Authenticated, method) && !required.met(&token.Scopes) { // 8a, 9
			return missingScope(required, token.Scopes)
		}
		return s.stepUp(rules, method) // 9a, 10
	default: // an unknown kind
		return newError(codePermissionDenied)
	}
}

// permits reports whether the policy of the API token permits c for the resource with
// rules. A Super with the same Key as the resource of the call has the same object;
// for another Key, the ID is the path value, or that of [WithObjectID]. Of an unknown
// object nothing is permitted. Without a Key, every object counts.
func (s *state) permits(rules *AccessRules, c *call) bool {
	id, list := "", false
	switch {
	case rules.Key == c.key:
		id, list = c.object(s.cfg), c.list
	case rules.Key == "":
	case c.r != nil:
		id = s.cfg.pathValue(c.r, rules.Key)
	default:
		id = s.objects[rules.Key]
	}
	policy := s.token.Policy
	switch {
	case id != "" || list:
		return policy.Allows(rules.Policy, c.method, id)
	case rules.Key == "":
		return policy.allowsEvery(rules.Policy, c.method)
	default:
		return false
	}
}

func sessionEnded() *Error {
	e := newError(codeNotLoggedIn)
	e.logout = true
	return e
}

// Decision is a decision of a guard. It has neither the token nor its scopes.
type Decision struct {
	// Context is the context of the request.
	Context context.Context
	// Resource is the name of the resource. Method is the method or [Operation] as
	// given, which may be any text that a client sends. ObjectID is the ID of the object, ""
	// for a collection and if it is unknown.
	Resource, Method, ObjectID string
	// Required is the requirement of the method for an OAuth2 token.
	Required Requirement
	// Subject and ClientID are those of the token, "" if there is none.
	Subject, ClientID string
	// Outcome is the result of the decision.
	Outcome Outcome
	// Err is the *Error that denies the request, or for [OutcomeShadowed] the one
	// that would have; nil otherwise. The guard returns the same *Error: it must
	// not be changed.
	Err error
}

// Outcome is the result of a [Decision]. There are few and none has text of the
// client, so that they can be labels of a metric.
type Outcome uint8

// The outcomes. The view runs if it is OutcomeAllowed or OutcomeShadowed.
const (
	OutcomeUnknown           Outcome = iota // no decision
	OutcomeAllowed                          // the view may run
	OutcomeShadowed                         // a scope is missing, but Config.DangerouslyShadowScopesOf lists the resource
	OutcomeMethodNotAllowed                 // ErrMethodNotAllowed
	OutcomeNotLoggedIn                      // ErrNotLoggedIn
	OutcomeLoginFailed                      // ErrLoginFailed
	OutcomePermissionDenied                 // ErrPermissionDenied
	OutcomeAccessDenied                     // ErrAccessDenied
	OutcomeMissingScope                     // ErrMissingScope
	OutcomeRefused                          // denied before the guard, as for malformed or unverifiable credentials
	OutcomeInsufficientLogin                // ErrInsufficientUserAuthentication
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
	case OutcomeInsufficientLogin:
		return "insufficient_login"
	default:
		return "unknown"
	}
}

// outcomeOf returns the outcome of a decision with the given error, which is nil
// if the request is allowed.
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
	case codeInsufficientLogin:
		return OutcomeInsufficientLogin
	default:
		return OutcomeUnknown
	}
}

// reports reports whether decisions are reported.
func (c *Config) reports() bool { return c != nil && c.OnDecision != nil }

// report calls Config.OnDecision with d, to which it adds the outcome and the
// token's subject and client. shadowed is the error that was not enforced, if any.
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
