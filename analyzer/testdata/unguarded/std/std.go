// Package std registers routes with net/http.
package std

import (
	"encoding/json"
	"log"
	"net/http"

	"example.com/notes"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func direct(mux *http.ServeMux, n *notes.NoteResource) {
	mux.HandleFunc("/a", n.Raw)                                        // want `this route goes to NoteResource.Raw past the guard of the resource; mount it with webapi.Handle or webapi.HandleList`
	mux.Handle("/b", http.HandlerFunc(n.Raw))                          // want `goes to NoteResource.Raw past`
	mux.Handle("/c", middleware(http.HandlerFunc(n.Raw)))              // want `goes to NoteResource.Raw past`
	mux.Handle("/d", with("x")(middleware(http.HandlerFunc(n.Raw))))   // want `goes to NoteResource.Raw past`
	mux.Handle("/e", adapt(n.Get))                                     // want `goes to NoteResource.Get past`
	mux.Handle("/f", n.RawHandler())                                   // want `goes to NoteResource.RawHandler past`
	mux.Handle("/g", n.Either(true))                                   // want `goes to NoteResource.Either past`
	mux.HandleFunc("/h", curry((*notes.NoteResource).Get, n))          // want `goes to NoteResource.Get past`
	http.HandleFunc("/i", n.Raw)                                       // want `goes to NoteResource.Raw past`
	http.Handle("/j", http.StripPrefix("/j", http.HandlerFunc(n.Raw))) // want `goes to NoteResource.Raw past`
	(mux.HandleFunc)("/k", (n.Raw))                                    // want `goes to NoteResource.Raw past`
}

func literals(mux *http.ServeMux, n *notes.NoteResource) {
	mux.HandleFunc("/a", func(w http.ResponseWriter, r *http.Request) {
		_ = n.Get(w, r) // want `goes to NoteResource.Get past`
	})
	mux.HandleFunc("/b", func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(n.Count()) // want `goes to NoteResource.Count past`
	})
	mux.HandleFunc("/c", func(w http.ResponseWriter, r *http.Request) {
		log.Print(n.Count())
		_ = n.CallMethodView(w, r, r.Method, n.Get)
	})
	mux.HandleFunc("/d", func(w http.ResponseWriter, r *http.Request) {
		_ = n.CallMethodView(w, r, r.Method, n.Get)
		n.Raw(w, r) // want `goes to NoteResource.Raw past`
	})
	mux.HandleFunc("/e", func(w http.ResponseWriter, r *http.Request) {
		if webapi.Decide(r.Context(), n, r.Method, "") == nil {
			_ = n.Get(w, r)
		}
	})
	mux.HandleFunc("/f", func(w http.ResponseWriter, r *http.Request) { n.Handler().ServeHTTP(w, r) })
	mux.HandleFunc("/g", func(w http.ResponseWriter, r *http.Request) {
		http.HandlerFunc(n.Raw).ServeHTTP(w, r) // want `goes to NoteResource.Raw past`
	})
}

func variables(mux *http.ServeMux, n *notes.NoteResource) {
	raw := http.HandlerFunc(n.Raw) // want `goes to NoteResource.Raw past`
	mux.Handle("/a", raw)
	guarded := webapi.Handle(n, webapi.Views{"GET": n.Get})
	guarded = middleware(guarded)
	mux.Handle("/b", guarded)

	for _, route := range []struct {
		path string
		http.Handler
		serve http.HandlerFunc
	}{
		{"/c", guarded, nil},
		{"/d", nil, n.Raw}, // want `goes to NoteResource.Raw past`
	} {
		mux.Handle(route.path, route.Handler)
		mux.Handle(route.path, route.serve)
	}
	for path, h := range map[string]http.HandlerFunc{
		"/e": n.Raw, // want `goes to NoteResource.Raw past`
		"/f": n.Served,
	} {
		mux.HandleFunc(path, h)
	}
	table := []http.HandlerFunc{n.Raw} // want `goes to NoteResource.Raw past`
	mux.HandleFunc("/g", table[0])
}

// A server registers by methods of its own.
type server struct {
	*http.ServeMux
	notes *notes.NoteResource
}

func (s *server) route(path string, h http.HandlerFunc) {
	s.Handle(path, middleware(h))
}

func (s *server) again(path string, h http.HandlerFunc) { s.route(path, h) }

func (s *server) routes() {
	s.route("/a", s.notes.Raw) // want `goes to NoteResource.Raw past`
	s.again("/b", s.notes.Raw) // want `goes to NoteResource.Raw past`
	s.route("/c", s.notes.Served)
	local := func(path string, h http.Handler) { s.Handle(path, h) }
	local("/d", s.notes.RawHandler()) // want `goes to NoteResource.RawHandler past`
	local("/e", s.notes.Handler())
}

func right(mux *http.ServeMux, n *notes.NoteResource) {
	mux.Handle("/a", webapi.Handle(n, webapi.Views{"GET": n.Get}))
	mux.Handle("/b", middleware(webapi.HandleList(n, webapi.Views{"GET": n.Get})))
	mux.Handle("/c", n.Handler())
	mux.HandleFunc("/d", n.Served)
	mux.HandleFunc("/e", n.Ping)
	mux.HandleFunc("/f", notes.Version) // no resource's; this package declares nothing
	mux.Handle("/g", make1(n))
	mux.Handle("/h", make2(n)) // nobody sees what it makes
	other{}.Handle("/i", n.Raw)
}

// A wrapped resource has no guard, though what is in it has.
type served struct{ notes.NoteResource }

func (s *served) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.Raw(w, r) }

func embedded(mux *http.ServeMux, s *served) {
	mux.HandleFunc("/a", s.Raw) // want `goes to NoteResource.Raw past`
}

// An other is no router.
type other struct{}

func (other) Handle(string, func(http.ResponseWriter, *http.Request)) {}

func make1(n *notes.NoteResource) http.Handler {
	return webapi.Handle(n, webapi.Views{"GET": func(w http.ResponseWriter, r *http.Request) error { return n.Get(w, r) }})
}

func make2(n *notes.NoteResource) http.Handler { return http.NotFoundHandler() }

func middleware(next http.Handler) http.Handler { return next }

func with(string) func(http.Handler) http.Handler { return middleware }

func adapt(view webapi.View) http.Handler { return nil }

func curry(f func(*notes.NoteResource, http.ResponseWriter, *http.Request) error, n *notes.NoteResource) http.HandlerFunc {
	return nil
}

// FeedResource serves HTTP by itself.
//
//webapi:resource methods=GET
type FeedResource struct{}

func (*FeedResource) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

// ListResource does too, by its guard.
//
//webapi:resource methods=GET
type ListResource struct{}

func (x *ListResource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	webapi.Handle(x, nil).ServeHTTP(w, r)
}

func values(mux *http.ServeMux, feed *FeedResource) {
	mux.Handle("/a", feed)               // want `this route serves FeedResource itself past the guard`
	mux.Handle("/b", &FeedResource{})    // want `serves FeedResource itself past the guard`
	mux.Handle("/c", new(FeedResource))  // want `serves FeedResource itself past the guard`
	mux.HandleFunc("/d", feed.ServeHTTP) // want `goes to FeedResource.ServeHTTP past the guard`
	var h http.Handler = feed
	mux.Handle("/e", http.TimeoutHandler(h, 0, "it was slow")) // want `serves FeedResource itself past the guard`
	mux.Handle("/f", &ListResource{})
}

// BoxResource is generic.
//
//webapi:resource methods=GET
type BoxResource[T any] struct{ Content T }

func (x *BoxResource[T]) raw(w http.ResponseWriter, r *http.Request) {}

func generic(mux *http.ServeMux, x *BoxResource[int]) {
	type box = BoxResource[int]
	mux.HandleFunc("/a", x.raw)        // want `goes to BoxResource.raw past`
	mux.HandleFunc("/b", new(box).raw) // want `goes to BoxResource.raw past`
	mux.HandleFunc("/c", serve[int])
}

func serve[T any](w http.ResponseWriter, r *http.Request) {
	webapi.Handle(new(BoxResource[T]), nil).ServeHTTP(w, r)
}

func circles(mux *http.ServeMux, n *notes.NoteResource) {
	var table []http.HandlerFunc
	table = []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) { table[0].ServeHTTP(w, r) }, n.Raw} // want `goes to NoteResource.Raw past`
	mux.Handle("/a", table[1])
	h := http.Handler(table[0])
	h = middleware(h)
	mux.Handle("/b", h)
}

func servers(feed *FeedResource, n *notes.NoteResource) {
	_ = http.ListenAndServe(":80", feed)                                            // want `serves FeedResource itself past`
	_ = http.ListenAndServeTLS(":443", "", "", middleware(http.HandlerFunc(n.Raw))) // want `goes to NoteResource.Raw past`
	_ = &http.Server{Addr: ":80", Handler: feed}                                    // want `serves FeedResource itself past`
	_ = http.ListenAndServe(":80", http.NewServeMux())
	_ = http.ListenAndServe(":80", n.Handler())
}
