package webapi

import (
	"context"
	"net/http"
)

// maxSuper is how many guards may stand behind one another. More means that
// resources name each other in a circle.
const maxSuper = 32

// CallMethodView is the guard of every generated resource: it runs view if the
// request in r may call method of res, and returns the view's error. Otherwise
// it returns an *[Error], and view has not run. A nil view is denied as a method
// that the resource does not answer.
//
// It is [Decide] with the token in the context of r and the path value that
// [AccessRules].Key names. Where the decision says that a session is to be
// logged out, Config.Logout is called; its failure is logged and changes nothing.
func CallMethodView(res Resource, w http.ResponseWriter, r *http.Request, method string, view View) error {
	s := stateOf(r.Context())
	denied := s.decide(res, method, s.objectID(res, r), view != nil)
	if denied == nil {
		return view(w, r)
	}
	if denied.logout {
		s.cfg.logOut(w, r)
	}
	return denied
}

// Decide reports whether the request with the context ctx may call method of
// the object objectID of res. It returns nil if so, and otherwise an *[Error].
// An empty objectID means the collection. The method counts as it is given,
// byte for byte. If the resource's rules let the request through and name a
// Super, that one decides as well.
//
// Decide runs no view and logs no session out; it does call Config.OnDecision.
func Decide(ctx context.Context, res Resource, method, objectID string) error {
	if denied := stateOf(ctx).decide(res, method, objectID, true); denied != nil {
		return denied
	}
	return nil
}

// decide asks res and its Supers, and reports the outcome.
func (s *state) decide(res Resource, method, objectID string, hasView bool) *Error {
	rules := res.AccessRules()
	required, answered := res.RequiredScopes(method)
	name, whole := rules.Name, required

	denied := s.judge(&rules, required, answered && hasView, method, objectID)
	for depth := 0; denied == nil && rules.Super != nil; depth++ {
		if depth == maxSuper {
			denied = newError(codePermissionDenied)
			break
		}
		res = rules.Super
		rules = res.AccessRules()
		required, answered = res.RequiredScopes(method)
		denied = s.judge(&rules, required, answered, method, objectID)
	}
	s.report(name, method, whole, denied)
	return denied
}

// judge is the decision. It has the rows of the table in the package's
// documentation, in their order, and returns nil where the view runs.
func (s *state) judge(rules *AccessRules, required Requirement, answered bool, method, objectID string) *Error {
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
	if token == nil && (s.unscoped || listed(rules.Anonymous, method)) { // 3
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
		if rules.APITokens && token.Policy.Allows(rules.Policy, method, objectID) {
			return nil
		}
		return newError(codePermissionDenied)
	case OAuth2:
		if !rules.OAuth2 { // 8
			return newError(codeAccessDenied)
		}
		if !required.Met(token.Scopes) { // 9
			return missingScope(required, token.Scopes)
		}
		return nil // 10
	default: // a kind that nobody knows
		return newError(codePermissionDenied)
	}
}

// objectID returns the ID of the object that r names, or "" for a collection.
func (s *state) objectID(res Resource, r *http.Request) string {
	if s.list {
		return ""
	}
	if key := res.AccessRules().Key; key != "" {
		return r.PathValue(key)
	}
	return ""
}

func sessionEnded() *Error {
	e := newError(codeNotLoggedIn)
	e.logout = true
	return e
}
