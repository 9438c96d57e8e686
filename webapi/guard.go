package webapi

import (
	"context"
	"maps"
	"net/http"
	"strings"
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

// Handle returns the handler of a route that names one object of res, or none
// in particular. It takes the view of the request's method and passes it to
// res.CallMethodView. What that returns goes to [WriteError]. A method without a
// view is answered with 405 and an Allow header that lists the methods which
// have a view and which res answers.
//
// Handle takes the view by method, and not one view for the route, because a
// view that another method could reach would run with that method's scopes.
// The map is copied; later changes have no effect.
//
// If the resource has an [AccessRules].Key and the router has set no path value of
// that name, API tokens are denied, because nobody knows which entry of their
// policy counts.
//
// Views get the http.ResponseWriter of the server itself, with everything that
// it can do; see [View] for what this asks of a view that fails half-way.
func Handle(res Resource, views Views) http.Handler {
	return &handler{res: res, views: maps.Clone(views)}
}

// HandleList is [Handle] for the route of a collection, where no path value
// names an object. It marks the request as one for the collection: a path value
// with the name of [AccessRules].Key, which then names a parent, is not taken
// for an object of res, and the policy of an API token is asked for the resource
// as a whole. Guards of other resources that the view asks are not concerned. What
// the view lists is for the view to filter, see [Policy.Allows].
func HandleList(res Resource, views Views) http.Handler {
	return &handler{res: res, views: maps.Clone(views), list: true}
}

type handler struct {
	res   Resource
	views Views
	list  bool
}

// A collection says of which resource a request is for the collection, by all
// that the policy of an API token is asked with. The view may ask the guards of
// others, for which the path can name an object.
type collection struct{ name, policy, key string }

// of reports whether the collection is that of the resource with rules.
func (c *collection) of(rules *AccessRules) bool {
	return c.name != "" && c.name == rules.Name && c.policy == rules.Policy && c.key == rules.Key
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := stateOf(r.Context())
	var list collection
	if h.list {
		rules := h.res.AccessRules()
		list = collection{rules.Name, rules.Policy, rules.Key}
	}
	if s.list != list {
		marked := *s
		marked.list = list
		r = r.WithContext(withState(r.Context(), marked))
	}
	if err := h.call(w, r, s); err != nil {
		WriteError(w, r, err)
	}
}

func (h *handler) call(w http.ResponseWriter, r *http.Request, s *state) error {
	if view := h.answer(r.Method); view != nil {
		return h.res.CallMethodView(w, r, r.Method, view)
	}
	denied := methodNotAllowed(h.allow())
	if s.cfg.listens() {
		rules := h.res.AccessRules()
		required, _ := h.res.RequiredScopes(r.Method)
		c := &call{ctx: r.Context(), method: r.Method, key: rules.Key, list: h.list, r: r}
		s.report(c.decision(rules.Name, required), denied, nil)
	}
	return denied
}

// answer returns the view of method, or nil if there is none or the resource
// does not answer the method.
func (h *handler) answer(method string) View {
	if _, ok := h.res.RequiredScopes(method); !ok {
		return nil
	}
	view := h.views[method]
	if view == nil && method == http.MethodHead {
		view = h.views[http.MethodGet]
	}
	return view
}

// allow returns the methods that are answered, in the order of the resource's.
func (h *handler) allow() string {
	var allowed []string
	for method := range methodsIn(h.res.AccessRules().Allow) {
		if h.answer(method) != nil {
			allowed = append(allowed, method)
		}
	}
	return strings.Join(allowed, ", ")
}
