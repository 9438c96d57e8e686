package webapi

import (
	"maps"
	"net/http"
	"strings"
)

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
