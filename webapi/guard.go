package webapi

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
)

// CallMethodView is the guard of every generated resource. It calls view if the
// request r may call method of res, and returns the error of view. Otherwise it
// returns an *[Error] and does not call view. If view is nil, the error is that of
// a method which the resource does not answer. The method may be an [Operation]: then
// r must have its method.
//
// The decision is that of [Decide] with the context of r and the path value that
// [AccessRules].Key names, or that of [DecideList] behind [HandleList] of res. For a
// Super with another Key, the path value that this Key names counts. If a session
// has to be logged out, CallMethodView calls Config.Logout; an error of Logout is
// logged and has no other effect.
func CallMethodView(res Resource, w http.ResponseWriter, r *http.Request, method string, view View) error {
	s := stateOf(r.Context())
	denied := s.decide(res, &call{ctx: r.Context(), method: method, hasView: view != nil, r: r})
	if denied == nil {
		return view(w, r)
	}
	if denied.logout {
		s.cfg.logOut(w, r)
	}
	if s.cfg == nil && s.token == nil && r.Header.Get("Authorization") != "" {
		warnOfNoMiddleware.Do(func() {
			slog.WarnContext(r.Context(), "webapi: a guard denies a request whose Authorization header nothing has read; "+
				"put Config.Middleware before the guards, or a middleware that calls WithToken or WithUnscopedAccess",
				"method", r.Method, "path", r.URL.Path)
		})
	}
	return denied
}

// warnOfNoMiddleware logs once in a process, since it would do so for every request.
var warnOfNoMiddleware sync.Once

// Decide returns nil if the request with the context ctx may call method on the
// object objectID of res, and otherwise an *[Error]. The method, which may be an
// [Operation], is compared byte by byte. It must be one that the server has chosen: a
// client may send the name of an operation as its method. If the resource has a Super,
// its guard has to allow the request as well. A Super with the same Key has the same
// object; see [WithObjectID] for one with another Key.
//
// If the resource has a Key, an empty objectID means that the object is unknown,
// and API tokens are denied; behind [HandleList] of res, it means the collection,
// as in [DecideList]. Without a Key, an empty objectID stands for any object, and the
// policy must allow all of them. For OAuth2 tokens the object has no effect.
//
// Decide does not call Config.Logout; it does call Config.OnDecision. During a
// stream it can be called again, to check the token's expiry.
func Decide(ctx context.Context, res Resource, method, objectID string) error {
	s := stateOf(ctx)
	return s.decideCall(res, &call{ctx: ctx, method: method, objectID: objectID, hasView: true})
}

// DecideList is [Decide] for the collection of res. GET and HEAD are GET/list there, if res
// has that operation.
func DecideList(ctx context.Context, res Resource, method string) error {
	return stateOf(ctx).decideCall(res, &call{ctx: ctx, method: ofList(res, method), list: true, hasView: true})
}

// ofList returns the operation of a method on the collection of res: GET/list for GET and
// HEAD if res answers that, else the method.
func ofList(res Resource, method string) string {
	if method == http.MethodGet || method == http.MethodHead {
		if _, ok := res.RequiredScopes(listOperation); ok {
			return listOperation
		}
	}
	return method
}

// call is a call of a guard.
type call struct {
	ctx      context.Context
	method   string
	key      string // AccessRules.Key of the resource; decide sets it
	objectID string // the ID that key names, "" if unknown; unused if r is not nil
	list     bool   // the call is for the collection
	hasView  bool
	r        *http.Request // nil without net/http
}

// object returns the ID of the object, "" for the collection and if it is unknown.
func (c *call) object(cfg *Config) string {
	if c.r != nil && c.key != "" && !c.list {
		return cfg.pathValue(c.r, c.key)
	}
	return c.objectID
}

// decision returns the decision for this call of resource, without its result.
func (c *call) decision(cfg *Config, resource string, required Requirement) Decision {
	return Decision{Context: c.ctx, Resource: resource, Method: c.method, ObjectID: c.object(cfg), Required: required}
}

func (s *state) decideCall(res Resource, c *call) error {
	if denied := s.decide(res, c); denied != nil {
		return denied
	}
	return nil
}

// CallListMethodView is [CallMethodView] for the collection of res, as in
// [HandleList]. It is for the adapters of routers: it calls res.CallMethodView.
func CallListMethodView(res Resource, w http.ResponseWriter, r *http.Request, method string, view View) error {
	return res.CallMethodView(w, asList(res, r), ofList(res, method), view)
}

// CallObjectMethodView is [CallMethodView] for an object of res, as in [Handle],
// even if r has passed the guard of the collection. It is for the adapters of
// routers: it calls res.CallMethodView.
func CallObjectMethodView(res Resource, w http.ResponseWriter, r *http.Request, method string, view View) error {
	return res.CallMethodView(w, asObject(r), method, view)
}

// CallOperationView is [CallObjectMethodView] for a named operation of res, as in
// [HandleOperation]. It is for the adapters of routers.
func CallOperationView(res Resource, w http.ResponseWriter, r *http.Request, operation Operation, view View) error {
	if !operation.isNamed() {
		return methodNotAllowed("")
	}
	return CallObjectMethodView(res, w, r, string(operation), view)
}

// asObject returns r as a request for an object.
func asObject(r *http.Request) *http.Request {
	s := stateOf(r.Context())
	if s.list == (collection{}) {
		return r
	}
	marked := *s
	marked.list = collection{}
	return r.WithContext(withState(r.Context(), marked))
}

// asList returns r as a request for the collection of res.
func asList(res Resource, r *http.Request) *http.Request {
	rules := res.AccessRules()
	list := collectionOf(&rules)
	s := stateOf(r.Context())
	if s.list == list {
		return r
	}
	marked := *s
	marked.list = list
	return r.WithContext(withState(r.Context(), marked))
}

// Guard returns middleware for routes of res, other than the route of a
// collection. It calls the next handler if the request may call its method of res,
// and passes the error of the guard to [WriteError] otherwise. It decides as
// [Handle] does, for a handler, a group of routes or a whole router that exists:
//
//	mux.Handle("DELETE /notes/{id}", webapi.Guard(notes)(http.HandlerFunc(remove)))
//	r.With(webapi.Guard(notes)).Delete("/notes/{id}", remove) // chi
//
// The modules in github.com/webapi-gen/webapi-gen/adapters have it for gin and echo.
//
// The next handler runs with the scopes of the method that the request has, so a
// route must have one method, or a handler that does for each what it stands for.
//
// If the resource has a Key, Guard has to run after the router has found the route:
// before, the object is unknown, and API tokens are denied. For a router that does
// not set the path values of net/http, see Config.PathValue.
func Guard(res Resource) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return &handler{res: res, next: ViewOf(next)} }
}

// GuardList is [Guard] for the route of a collection, as [HandleList] is [Handle].
func GuardList(res Resource) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return &handler{res: res, next: ViewOf(next), list: true} }
}

// Handle returns the handler of a route of res, other than the route of a
// collection. It passes the view of the request's method to res.CallMethodView
// and any error to [WriteError]. If the method has no view, the response has
// status 405 and an Allow header with the methods that res answers and that have
// a view.
//
// There is a view for each method, not one for the route, because a view that
// handles several methods would run with the scopes of any of them. The map is
// copied; later changes have no effect.
//
// If the resource has an [AccessRules].Key and the request has no path value of
// that name, API tokens are denied, because the object is unknown.
//
// Views get the http.ResponseWriter of the server, without a wrapper. See [View]
// for a view that fails after it has written a part of the response.
func Handle(res Resource, views Views) http.Handler {
	return &handler{res: res, views: maps.Clone(views)}
}

// HandleList is [Handle] for the route of a collection, in which no path value
// names an object. A path value that [AccessRules].Key names does not count, as it
// is that of a parent, and the policy of an API token must allow the collection.
// Other guards that the view calls are not affected. The view has to filter its
// list by the policy itself, see [Policy.Allows]. If res has the operation GET/list, the
// view of GET runs with its scopes, not those of GET.
func HandleList(res Resource, views Views) http.Handler {
	return &handler{res: res, views: maps.Clone(views), list: true}
}

// HandleOperation returns the handler of the route of a named operation of res. It passes
// view to res.CallMethodView, and any error to [WriteError]. A request with another method
// than that of the operation gets a response with status 405; HEAD counts as GET. As for
// [Handle], the operation is one of an object if res has an [AccessRules].Key, apart from
// GET/list, which is of the collection. The policy of an API token is asked about its method.
//
//	mux.Handle("POST /notes/{id}/archive", webapi.HandleOperation(notes, NotePostArchive, notes.archive))
func HandleOperation(res Resource, operation Operation, view View) http.Handler {
	return &handler{res: res, next: view, operation: operation}
}

// GuardOperation is [Guard] for the route of a named operation, as [HandleOperation] is
// [Handle]:
//
//	r.With(webapi.GuardOperation(notes, NotePostArchive)).Post("/notes/{id}/archive", archive) // chi
func GuardOperation(res Resource, operation Operation) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return HandleOperation(res, operation, ViewOf(next))
	}
}

type handler struct {
	res       Resource
	views     Views
	next      View      // of all methods, instead of views
	operation Operation // of all methods, "" if each is its own
	list      bool
}

// collection identifies the resource whose collection a request is for, by the
// fields of its rules that matter to the policy of an API token. It is not for
// other resources, whose guards the view may call with an object in the path.
type collection struct{ name, policy, key string }

// collectionOf returns the collection of the resource with rules.
func collectionOf(rules *AccessRules) collection {
	return collection{rules.Name, rules.Policy, rules.Key}
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.list {
		r = asList(h.res, r)
	} else {
		r = asObject(r)
	}
	if err := h.call(w, r, stateOf(r.Context())); err != nil {
		WriteError(w, r, err)
	}
}

func (h *handler) call(w http.ResponseWriter, r *http.Request, s *state) error {
	operation := h.operationOf(r.Method)
	if view := h.answer(r.Method); view != nil {
		return h.res.CallMethodView(w, r, operation, view)
	}
	denied := methodNotAllowed(h.allow())
	if s.cfg.reports() {
		rules := h.res.AccessRules()
		required, _ := h.res.RequiredScopes(operation)
		c := &call{ctx: r.Context(), method: operation, key: rules.Key, list: h.list, r: r}
		s.report(c.decision(s.cfg, rules.Name, required), denied, nil)
	}
	return denied
}

// operationOf returns the operation of a method on the route.
func (h *handler) operationOf(method string) string {
	switch {
	case h.operation != "":
		return string(h.operation)
	case h.list:
		return ofList(h.res, method)
	default:
		return method
	}
}

// answer returns the view of method, or nil if there is none or if the resource
// does not answer method.
func (h *handler) answer(method string) View {
	if h.operation != "" && !h.operation.isNamed() {
		return nil
	}
	if _, ok := h.res.RequiredScopes(h.operationOf(method)); !ok {
		return nil
	}
	if h.next != nil {
		return h.next
	}
	view := h.views[method]
	if view == nil && method == http.MethodHead {
		view = h.views[http.MethodGet]
	}
	return view
}

// allow returns the value of the Allow header, in the order of the resource's.
func (h *handler) allow() string {
	methods := h.res.AccessRules().Allow
	if h.list && !listed(methods, http.MethodGet) {
		methods = "GET, HEAD, " + methods // for GET/list
	}
	var allowed []string
	for method := range methodsIn(methods) {
		if h.answer(method) != nil {
			allowed = append(allowed, method)
		}
	}
	return strings.Join(allowed, ", ")
}
