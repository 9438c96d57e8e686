package webapitest

import (
	"errors"
	"net/http"
	"net/http/httptest"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// A way is what the request of a call is like.
type way struct {
	name   string // as the report has it
	served bool   // it has the method of the call, as one of a server has
	object bool   // it is for an object, which is known
	list   bool   // it is for the collection
}

// ways are those in which each call is made. That of the collection has path
// values, which name a parent.
var ways = []way{
	{object: true},
	{name: ", as a request of that method", served: true, object: true},
	{name: ", without a path value", served: true},
	{name: ", of the collection", served: true, list: true},
}

// errView is what the view returns: whoever returns it has called the view or
// knows this package.
var errView = errors.New("webapitest: the view")

// ask returns what res must answer and what it answers, "yes" or the code of a
// refusal; any other text says what else it did.
func (c contractCall) ask(res webapi.Resource, way way) (want, got string) {
	r := c.request(res, way)
	ran := 0
	err := res.CallMethodView(httptest.NewRecorder(), r, c.method, func(http.ResponseWriter, *http.Request) error {
		ran++
		return errView
	})
	got, decided := answerOf(err, ran), yes
	if err := c.decide(r, res, way); err != nil {
		decided = answerOf(err, 0)
	}
	if want = c.want; c.caller.byPolicy && !way.object {
		want = decided
	}
	if got != decided {
		return want, got + ", and from Decide " + decided
	}
	required, _ := res.RequiredScopes(c.method)
	switch met := required.Met(c.caller.scopes); {
	case c.caller.byScopes && got == yes && !met:
		return want, got + ", and from RequiredScopes 112"
	case c.caller.byScopes && got == "112" && met:
		return want, got + ", and from RequiredScopes yes"
	}
	return want, got
}

// request returns the request of a call.
func (c contractCall) request(res webapi.Resource, way way) *http.Request {
	r := c.caller.request()
	if way.list {
		r = ofCollection(r, res)
	}
	if way.served {
		r.Method = c.method
	}
	if !way.object && !way.list {
		return r
	}
	for s, depth := res, 0; s != nil && depth <= maxSuper; s, depth = s.AccessRules().Super, depth+1 {
		key := s.AccessRules().Key
		r.SetPathValue(key, object)
		r = r.WithContext(webapi.WithObjectID(r.Context(), key, object))
	}
	return r
}

// decide returns what the runtime decides of the request of a call.
func (c contractCall) decide(r *http.Request, res webapi.Resource, way way) error {
	if way.list {
		return webapi.DecideList(r.Context(), res, c.method)
	}
	id := ""
	if way.object && res.AccessRules().Key != "" {
		id = object
	}
	return webapi.Decide(r.Context(), res, c.method, id)
}

// ofCollection returns a request as [webapi.HandleList] passes it to the guard of a
// resource.
func ofCollection(r *http.Request, res webapi.Resource) *http.Request {
	p := passing{rules: res.AccessRules()}
	views := webapi.Views{r.Method: func(http.ResponseWriter, *http.Request) error { return nil }}
	webapi.HandleList(&p, views).ServeHTTP(httptest.NewRecorder(), r)
	return p.r
}

// passing is a resource with the rules of another one, whose guard keeps the request.
type passing struct {
	rules webapi.AccessRules
	r     *http.Request
}

func (p *passing) CallMethodView(_ http.ResponseWriter, r *http.Request, _ string, _ webapi.View) error {
	p.r = r
	return nil
}

func (*passing) RequiredScopes(string) (webapi.Requirement, bool) { return webapi.Requirement{}, true }

func (p *passing) AccessRules() webapi.AccessRules { return p.rules }
