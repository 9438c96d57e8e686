package webapi

import (
	"context"
	"net/http"
)

// CallMethodView is the guard of every generated resource: it runs view if the
// request in r may call method of res, and returns the view's error. Otherwise
// it returns an *[Error], and view has not run. A nil view is denied as a method
// that the resource does not answer.
//
// It is [Decide] with the token in the context of r and the path value that
// [AccessRules].Key names, or [DecideList] behind [HandleList] of res. A Super whose
// Key is another one gets the path value that its own Key names. Where the
// decision says that a session is to be logged out, Config.Logout is called; its
// failure is logged and changes nothing.
func CallMethodView(res Resource, w http.ResponseWriter, r *http.Request, method string, view View) error {
	s := stateOf(r.Context())
	denied := s.decide(res, &call{ctx: r.Context(), method: method, hasView: view != nil, r: r})
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
// The method counts as it is given, byte for byte. If the resource's rules let
// the request through and name a Super, that one decides as well; the object is
// the Super's too if the Super has the same Key, see [WithObjectID] otherwise.
//
// An empty objectID of a resource that has a Key means that nobody knows which
// object is meant, and an API token is denied; [DecideList] is for the
// collection, which behind [HandleList] of res an empty objectID means as well.
// For OAuth2 tokens the object makes no difference.
//
// Decide runs no view and logs no session out; it does call Config.OnDecision.
// It can be asked again while a stream goes on: it looks at the token's expiry
// each time.
func Decide(ctx context.Context, res Resource, method, objectID string) error {
	s := stateOf(ctx)
	return s.decideCall(res, &call{ctx: ctx, method: method, objectID: objectID, hasView: true})
}

// DecideList is [Decide] for the collection of res, as [HandleList] is for
// [Handle].
func DecideList(ctx context.Context, res Resource, method string) error {
	return stateOf(ctx).decideCall(res, &call{ctx: ctx, method: method, list: true, hasView: true})
}

// call is what a guard is asked for.
type call struct {
	ctx      context.Context
	method   string
	key      string // AccessRules.Key of the resource that is asked; decide sets it
	objectID string // what key names, "" if unknown; not for a request, whose path is looked at when it matters
	list     bool   // the collection
	hasView  bool
	r        *http.Request // nil without net/http
}

// object returns the ID of the object of the resource that is asked, "" for a
// collection and if it is unknown.
func (c *call) object() string {
	if c.r != nil && c.key != "" && !c.list {
		return c.r.PathValue(c.key)
	}
	return c.objectID
}

// decision returns what was asked, to be reported.
func (c *call) decision(asked string, required Requirement) Decision {
	return Decision{Context: c.ctx, Resource: asked, Method: c.method, ObjectID: c.object(), Required: required}
}

func (s *state) decideCall(res Resource, c *call) error {
	if denied := s.decide(res, c); denied != nil {
		return denied
	}
	return nil
}
