package mutants

// The files that mount resources.
const (
	nethttpGo = "nethttp/server.go"
	chiGo     = "chi/server.go"
	ginGo     = "gin/server.go"
	echoGo    = "echo/server.go"
)

// Lines of these files that mutants change.
const (
	notesObject = `mux.Handle("/notes/{id}", webapi.Handle(notes, webapi.Views{"GET": notes.get, "DELETE": notes.remove}))` + "\n"
	notesRest   = `	cfg := &webapi.Config{Realm: "notes"}` + "\n"
	apiUsers    = `mux.Handle("/api/users", webapi.HandleList(users, webapi.Views{"GET": users.list}))`
	stdList     = `webapi.GuardList(note)(http.HandlerFunc(s.listNotes))`
	stdRest     = `	cfg := &webapi.Config{Realm: "notes"}` + "\n"
	stdEnd      = `return cfg.Middleware(webapi.Bearer(verifier))(mux)`
	chiList     = `r.With(webapi.GuardList(note)).Get("/notes", listNotes)`
	chiObject   = `r.Use(webapi.Guard(note))`
	chiEnd      = "\treturn r\n"
	ginList     = `r.GET("/notes", ginapi.GuardList(note), s.listNotes)`
	ginRemove   = `r.DELETE("/notes/:id", ginapi.Guard(note), s.removeNote)`
	ginEnd      = "\treturn r\n"
	echoList    = `e.GET("/notes", listNotes, echoapi.GuardList(note))`
	echoGroup   = `g := e.Group("/notes/:id", echoapi.Guard(note))`
	echoRemove  = `g.DELETE("", removeNote)`
	echoEnd     = "\treturn e\n"
)

// routes are changes of the code that mounts resources, and of what surrounds it:
// pull requests that look innocent, and let somebody do more.
var routes = []mutant{
	// The guard of another resource, or for another operation.
	{what: "a view behind the guard of another resource", file: routesGo, old: `webapi.HandleList(users,`, new: `webapi.HandleList(repositories,`,
		proof: "GET /api/users -"},
	{what: "the guard of another resource in an interface", file: routesGo, old: apiUsers,
		new:   `var reader webapi.Resource = repositories` + "\n\t" + `mux.Handle("/api/users", webapi.HandleList(reader, webapi.Views{"GET": users.list}))`,
		proof: "GET /api/users -"},
	{what: "a table with one entry of another guard", file: routesGo, old: apiUsers,
		new: `for _, route := range []struct {
		pattern string
		res     webapi.Resource
		views   webapi.Views
	}{
		{"/api/users", repositories, webapi.Views{"GET": users.list}},
		{"/api/people", users, webapi.Views{"GET": users.list}},
	} {
		mux.Handle(route.pattern, webapi.HandleList(route.res, route.views))
	}`,
		proof: "GET /api/users -"},
	{what: "a wrong guard from a constructor", file: routesGo, old: apiUsers,
		new:   `mux.Handle("/api/users", webapi.HandleList(guardOf(s), webapi.Views{"GET": users.list}))`,
		more:  []edit{{file: "api/guard.go", new: "package api\n\nimport (\n\t\"github.com/webapi-gen/webapi-gen/example/codereview/internal/store\"\n\t\"github.com/webapi-gen/webapi-gen/webapi\"\n)\n\nfunc guardOf(s *store.Store) webapi.Resource { return &RepositoryResource{store: s} }\n"}},
		proof: "GET /api/users -"},
	{what: "the view of DELETE under POST", file: notesGo, old: `"GET": notes.get, "DELETE": notes.remove`, new: `"GET": notes.get, "POST": notes.remove, "DELETE": notes.remove`,
		proof: "POST /notes/1 writer"},
	{what: "the view of DELETE under GET", file: notesGo, old: notesObject,
		new:   notesObject + "\t" + `mux.Handle("/notes/{id}/remove", webapi.Handle(notes, webapi.Views{"GET": notes.remove}))` + "\n",
		proof: "GET /notes/1/remove reader"},
	{what: "the view of DELETE added to a map of views", file: notesGo, old: notesObject,
		new: `views := webapi.Views{"GET": notes.get, "DELETE": notes.remove}
	if _, ok := views["POST"]; !ok {
		views["POST"] = notes.remove // clients that cannot send DELETE
	}
	mux.Handle("/notes/{id}", webapi.Handle(notes, views))` + "\n",
		proof: "POST /notes/1 writer"},
	{what: "an object through HandleList", file: routesGo, old: `mux.Handle("/api/repositories/{repository}", webapi.Handle(`, new: `mux.Handle("/api/repositories/{repository}", webapi.HandleList(`,
		proof: "GET /api/repositories/1 policy-repository-1"},
	{what: "an object through GuardList", file: "nethttp/tags.go", old: `mux.Handle("DELETE /tags/{id}", webapi.Guard(`, new: `mux.Handle("DELETE /tags/{id}", webapi.GuardList(`,
		proof: "DELETE /tags/1 policy-tag-1"},
	{what: "a wildcard renamed and another one with the name of the key", file: "chi/tags.go", old: `Delete("/tags/{id}", removeTag)`,
		new:   `Delete("/tags/{tag}/as/{id}", removeTag)`,
		proof: "DELETE /tags/1/as/x policy-tag-1"},
	{what: "a key that is none", file: "chi/tags.go", old: "key=id", new: "key=none", regenerate: true},
	{what: "a Guard before a handler that reads the method itself", file: nethttpGo, old: stdRest,
		new: `	mux.Handle("/notes/{id}/edit", webapi.Guard(note)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("action") == "remove" {
			s.removeNote(w, r)
			return
		}
		s.getNote(w, r)
	})))` + "\n" + stdRest,
		proof: "GET /notes/1/edit?action=remove note:read"},
	{what: "the method overridden after the guard", file: nethttpGo, old: stdRest,
		new: `	mux.Handle("POST /notes/{id}", webapi.Guard(note)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-HTTP-Method-Override") == "DELETE" {
			s.removeNote(w, r)
		}
	})))` + "\n" + stdRest,
		proof: "POST /notes/1 note:write X-HTTP-Method-Override:DELETE"},
	{what: "another resource's Guard on a chi route", file: chiGo, old: chiList, new: `r.With(webapi.GuardList(new(tagGuard))).Get("/notes", listNotes)`,
		proof: "GET /notes -"},
	{what: "another resource's Guard on a gin route", file: ginGo, old: ginList, new: `r.GET("/notes", ginapi.GuardList(new(tagGuard)), s.listNotes)`,
		proof: "GET /notes -"},
	{what: "another resource's Guard on an echo group", file: echoGo, old: echoGroup, new: `g := e.Group("/notes/:id", echoapi.Guard(new(tagGuard)))`,
		proof: "GET /notes/1 -"},
	{what: "another resource's Guard by a variable that is set again", file: nethttpGo, old: "\tnote := new(noteGuard)\n\tmux := http.NewServeMux()\n\tmux.HandleFunc(\"GET /healthz\", health)\n\tmux.Handle(\"GET /notes\", " + stdList + ")\n",
		new: `	note := new(noteGuard)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health)
	var reads webapi.Resource = note
	if mux != nil {
		reads = new(tagGuard)
	}
	mux.Handle("GET /notes", webapi.GuardList(reads)(http.HandlerFunc(s.listNotes)))` + "\n",
		proof: "GET /notes -"},
	{what: "a view of package functions behind another guard", file: chiGo, old: chiEnd,
		new:   `	r.Method("GET", "/tags", webapi.HandleList(new(tagGuard), webapi.Views{"GET": webapi.ViewFunc(listNotes)}))` + "\n" + chiEnd,
		proof: "GET /tags -"},

	// Guards that are dropped, moved or run too late.
	{what: "a With dropped", file: chiGo, old: chiList, new: `r.Get("/notes", listNotes)`, proof: "GET /notes -"},
	{what: "a With whose router is dropped", file: chiGo, old: chiList, new: "r.With(webapi.GuardList(note))\n\tr.Get(\"/notes\", listNotes)", proof: "GET /notes -"},
	{what: "a Use inside an if", file: chiGo, old: chiObject, new: "if os.Getenv(\"NOTES_OPEN\") == \"\" && false {\n\t\t\tr.Use(webapi.Guard(note))\n\t\t}", proof: "DELETE /notes/1 -"},
	{what: "a Use inside if debug", file: chiGo, old: chiObject, new: "if !debug {\n\t\t\tr.Use(webapi.Guard(note))\n\t\t}",
		more: []edit{{chiGo, "var notes =", "var debug = os.Getenv(\"DEBUG\") != \"0\"\n\nvar notes ="}}, proof: "DELETE /notes/1 -"},
	{what: "a Use on another group", file: chiGo, old: chiObject, new: "r.Group(func(r chi.Router) { r.Use(webapi.Guard(note)) })", proof: "DELETE /notes/1 -"},
	{what: "a Use after the routes", file: ginGo, old: ginList, new: `r.GET("/notes", s.listNotes)`,
		more: []edit{{ginGo, ginEnd, "\tr.Use(ginapi.GuardList(note))\n" + ginEnd}}, proof: "GET /notes -"},
	{what: "a guard after its handler", file: ginGo, old: ginList, new: `r.GET("/notes", s.listNotes, ginapi.GuardList(note))`, proof: "GET /notes -"},
	{what: "a guard on a gin group that nothing uses", file: ginGo, old: ginRemove, new: "r.Group(\"/notes\", ginapi.Guard(note))\n\tr.DELETE(\"/notes/:id\", s.removeNote)", proof: "DELETE /notes/1 -"},
	{what: "a guard on another echo group", file: echoGo, old: echoGroup, new: "_ = e.Group(\"/notes/:id\", echoapi.Guard(note))\n\tg := e.Group(\"/notes/:id\")", proof: "DELETE /notes/1 -"},
	{what: "a guard of echo dropped", file: echoGo, old: echoList, new: `e.GET("/notes", listNotes)`, proof: "GET /notes -"},
	{what: "a guard of gin dropped", file: ginGo, old: ginRemove, new: `r.DELETE("/notes/:id", s.removeNote)`, proof: "DELETE /notes/1 -"},
	{what: "a guard of net/http dropped", file: nethttpGo, old: stdList, new: `http.HandlerFunc(s.listNotes)`, proof: "GET /notes -"},
	{what: "a guard that a variable replaces", file: nethttpGo, old: "mux.Handle(\"GET /notes\", " + stdList + ")",
		new: `var list http.Handler = ` + stdList + `
	list = http.HandlerFunc(s.listNotes)
	mux.Handle("GET /notes", list)`, proof: "GET /notes -"},

	// Wrappers that let some requests through.
	{what: "a wrapper that lets a header through", file: nethttpGo, old: stdList, new: `unless("X-Internal", webapi.GuardList(note))(http.HandlerFunc(s.listNotes))`,
		more: []edit{{nethttpGo, "//webapi:public", `// unless returns guard for requests without the header field name.
func unless(name string, guard func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		guarded := guard(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get(name) != "" {
				next.ServeHTTP(w, r)
				return
			}
			guarded.ServeHTTP(w, r)
		})
	}
}

//webapi:public`}},
		proof: "GET /notes - X-Internal:1"},
	{what: "a wrapper that lets OPTIONS through to the handler", file: nethttpGo, old: `mux.Handle("DELETE /notes/{id}", webapi.Guard(note)(http.HandlerFunc(s.removeNote)))`,
		new: `mux.Handle("/notes/{id}", preflight(webapi.Guard(note), http.HandlerFunc(s.removeNote)))`,
		more: []edit{{nethttpGo, "//webapi:public", `// preflight lets a browser ask before it has a token.
func preflight(guard func(http.Handler) http.Handler, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		guard(next).ServeHTTP(w, r)
	})
}

//webapi:public`}},
		proof: "OPTIONS /notes/1 -"},
	{what: "a wrapper of echo with a skipper", file: echoGo, old: echoList, new: `e.GET("/notes", listNotes, skip(echoapi.GuardList(note)))`,
		more: []edit{{echoGo, "//webapi:public", `// skip leaves guard out for the health check of the load balancer.
func skip(guard echo.MiddlewareFunc) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		guarded := guard(next)
		return func(c *echo.Context) error {
			if strings.HasPrefix(c.Request().UserAgent(), "lb/") {
				return next(c)
			}
			return guarded(c)
		}
	}
}

//webapi:public`}},
		proof: "GET /notes - User-Agent:lb/1"},
	{what: "a wrapper said to guard that does not", file: chiGo, old: chiList, new: `r.With(internal).Get("/notes", listNotes)`,
		more: []edit{{chiGo, "//webapi:public", `// internal is for requests of the own network.
//
//webapi:guarded by="the firewall"
func internal(next http.Handler) http.Handler { return next }

//webapi:public`}},
		proof: "GET /notes -"},

	// Decide.
	{what: "a Decide whose error is ignored", file: ginGo, old: ginRemove,
		new: `r.DELETE("/notes/:id", func(c *gin.Context) {
		_ = webapi.Decide(c.Request.Context(), note, "DELETE", c.Param("id"))
		s.removeNote(c)
	})`,
		proof: "DELETE /notes/1 -"},
	{what: "a Decide whose error is only recorded", file: ginGo, old: ginRemove,
		new: `r.DELETE("/notes/:id", func(c *gin.Context) {
		if err := webapi.Decide(c.Request.Context(), note, "DELETE", c.Param("id")); err != nil {
			_ = c.Error(err)
		}
	}, s.removeNote)`,
		proof: "DELETE /notes/1 -"},
	{what: "an answer to some before Decide", file: ginGo, old: ginList,
		new: `r.GET("/notes", func(c *gin.Context) {
		if c.Query("all") != "" {
			c.JSON(http.StatusOK, gin.H{"notes": s.notes.List()})
			return
		}
		if webapi.DecideList(c.Request.Context(), note, "GET") != nil {
			c.AbortWithStatus(http.StatusForbidden)
			return
		}
		s.listNotes(c)
	})`,
		proof: "GET /notes?all=1 -"},
	{what: "a change before Decide", file: ginGo, old: ginRemove,
		new: `r.DELETE("/notes/:id", func(c *gin.Context) {
		err := s.notes.Remove(c.Param("id"))
		if webapi.Decide(c.Request.Context(), note, "DELETE", c.Param("id")) != nil || err != nil {
			c.AbortWithStatus(http.StatusForbidden)
			return
		}
		c.Status(http.StatusNoContent)
	})`},
	{what: "a Decide about another method", file: echoGo, old: echoGroup, new: `g := e.Group("/notes/:id", decide(note, "GET"))`,
		more: []edit{{echoGo, "//webapi:public", `func decide(res webapi.Resource, method string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			if err := webapi.Decide(c.Request().Context(), res, method, c.Param("id")); err != nil {
				return echo.ErrForbidden
			}
			return next(c)
		}
	}
}

//webapi:public`}},
		proof: "DELETE /notes/1 note:read"},
	{what: "a Decide about another resource", file: ginGo, old: ginRemove,
		new: `r.DELETE("/notes/:id", func(c *gin.Context) {
		if webapi.Decide(c.Request.Context(), new(tagGuard), "DELETE", c.Param("id")) != nil {
			c.AbortWithStatus(http.StatusForbidden)
			return
		}
		s.removeNote(c)
	})`,
		proof: "DELETE /notes/1 tag:destroy"},
	{what: "a CallMethodView for another method", file: notesGo, old: notesObject,
		new: notesObject + `	mux.HandleFunc("POST /notes/{id}/done", func(w http.ResponseWriter, r *http.Request) {
		if err := notes.CallMethodView(w, r, "GET", notes.remove); err != nil {
			webapi.WriteError(w, r, err)
		}
	})` + "\n",
		proof: "POST /notes/1/done reader"},

	// A second way in.
	{what: "a second server without guards", file: notesGo, old: `	server := &http.Server`,
		new: `	go func() {
		admin := http.NewServeMux()
		notes := &NoteResource{}
		admin.HandleFunc("DELETE /notes/{id}", func(w http.ResponseWriter, r *http.Request) { _ = notes.remove(w, r) })
		log.Print(http.ListenAndServe("localhost:8081", admin))
	}()
	server := &http.Server`},
	{what: "a second server in a field", file: nethttpGo, old: stdRest,
		new: `	var admin http.Server
	admin.Addr = "localhost:8081"
	admin.Handler = http.HandlerFunc(s.removeNote)
	go func() { _ = admin.ListenAndServe() }()` + "\n" + stdRest},
	{what: "a second gin engine without guards", file: ginGo, old: ginEnd,
		new: `	admin := gin.New()
	admin.DELETE("/notes/:id", s.removeNote)
	go func() { _ = admin.Run("localhost:8081") }()` + "\n" + ginEnd},
	{what: "a handler of the default mux", file: nethttpGo, old: stdRest, new: "\thttp.HandleFunc(\"DELETE /notes/{id}\", s.removeNote)\n" + stdRest},
	{what: "the routes again under another prefix", file: chiGo, old: chiEnd, new: "\tr.Route(\"/v2\", func(r chi.Router) { r.Get(\"/notes\", listNotes) })\n" + chiEnd,
		proof: "GET /v2/notes -"},
	{what: "an echo group without the guard", file: echoGo, old: echoEnd, new: "\tv2 := e.Group(\"/v2\")\n\tv2.DELETE(\"/notes/:id\", removeNote)\n" + echoEnd,
		proof: "DELETE /v2/notes/1 -"},
	{what: "a gin group without the guard", file: ginGo, old: ginEnd, new: "\t{\n\t\tv2 := r.Group(\"/v2\")\n\t\tv2.GET(\"/notes\", s.listNotes)\n\t}\n" + ginEnd,
		proof: "GET /v2/notes -"},
	{what: "a router mounted beside", file: chiGo, old: chiEnd, new: "\tr.Mount(\"/legacy\", legacy())\n" + chiEnd,
		more: []edit{{file: "chi/legacy.go", new: `package chi

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

func legacy() http.Handler {
	r := chi.NewRouter()
	r.Delete("/notes/{id}", removeNote)
	return r
}
`}},
		proof: "DELETE /legacy/notes/1 -"},
	{what: "routes of a bare mux under a prefix", file: nethttpGo, old: stdRest,
		new: `	old := http.NewServeMux()
	old.HandleFunc("/notes", s.listNotes)
	mux.Handle("/old/", http.StripPrefix("/old", old))` + "\n" + stdRest,
		proof: "GET /old/notes -"},
	{what: "a mux before the guarded one", file: nethttpGo, old: stdEnd,
		new: `top := http.NewServeMux()
	top.Handle("/", cfg.Middleware(webapi.Bearer(verifier))(mux))
	top.HandleFunc("GET /notes/{id}/{$}", s.getNote)
	return top`,
		proof: "GET /notes/1/ -"},
	{what: "a switch on the path before the mux", file: nethttpGo, old: stdEnd,
		new: `guarded := cfg.Middleware(webapi.Bearer(verifier))(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/notes.txt" {
			s.listNotes(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})`,
		proof: "GET /notes.txt -"},
	{what: "a catch-all route", file: chiGo, old: chiEnd, new: "\tr.Handle(\"/*\", http.HandlerFunc(listNotes))\n" + chiEnd, proof: "GET /anything -"},
	{what: "a catch-all pattern of net/http", file: notesGo, old: notesRest, new: "\tmux.HandleFunc(\"/\", func(w http.ResponseWriter, r *http.Request) { _ = notes.list(w, r) })\n" + notesRest, proof: "GET /x -"},
	{what: "a NotFound handler that serves the view", file: chiGo, old: chiEnd, new: "\tr.NotFound(listNotes)\n" + chiEnd, proof: "GET /anything -"},
	{what: "a MethodNotAllowed handler that serves the view", file: chiGo, old: chiEnd, new: "\tr.MethodNotAllowed(getNote)\n" + chiEnd, proof: "PUT /notes/1 -"},
	{what: "a NoRoute handler that serves the view", file: ginGo, old: ginEnd, new: "\tr.NoRoute(s.listNotes)\n" + ginEnd, proof: "GET /anything -"},
	{what: "a RouteNotFound handler that serves the view", file: echoGo, old: echoEnd, new: "\te.RouteNotFound(\"/*\", listNotes)\n" + echoEnd, proof: "GET /anything -"},
	{what: "a file server over the guarded path", file: notesGo, old: notesRest,
		new:   "\tmux.Handle(\"GET /notes/files/\", http.StripPrefix(\"/notes/files/\", http.FileServer(http.Dir(\".\"))))\n" + notesRest,
		proof: "GET /notes/files/ -"},
	{what: "a proxy that adds a token", file: nethttpGo, old: stdEnd,
		new: `mux.Handle("/export/", http.StripPrefix("/export", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer note.read")
		cfg.Middleware(webapi.Bearer(verifier))(mux).ServeHTTP(w, r)
	})))
	` + stdEnd,
		proof: "GET /export/notes -"},

	// Views that are reached in another way than by a route of their resource.
	{what: "a view called through a value", file: notesGo, old: notesRest,
		new: `	remove := notes.remove
	mux.HandleFunc("POST /done/{id}", func(w http.ResponseWriter, r *http.Request) { _ = remove(w, r) })` + "\n" + notesRest,
		proof: "POST /done/1 -"},
	{what: "a view called through a method expression", file: notesGo, old: notesRest,
		new:   "\tmux.HandleFunc(\"POST /done/{id}\", func(w http.ResponseWriter, r *http.Request) { _ = (*NoteResource).remove(notes, w, r) })\n" + notesRest,
		proof: "POST /done/1 -"},
	{what: "a view called through an interface", file: notesGo, old: notesRest,
		new: `	var x interface {
		remove(w http.ResponseWriter, r *http.Request) error
	} = notes
	mux.HandleFunc("POST /done/{id}", func(w http.ResponseWriter, r *http.Request) { _ = x.remove(w, r) })` + "\n" + notesRest,
		proof: "POST /done/1 -"},
	{what: "a view called in a goroutine", file: notesGo, old: "	_, err := fmt.Fprintln(w, \"buy milk\")\n",
		new: "	_, err := fmt.Fprintln(w, \"buy milk\")\n\tgo func() { _ = new(NoteResource).remove(discard{}, nil) }()\n",
		more: []edit{{file: "notes/discard.go", new: `package main

import "net/http"

// discard is a response that nobody reads.
type discard struct{}

func (discard) Header() http.Header { return http.Header{} }

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func (discard) WriteHeader(int) {}
`}}},
	{what: "a view called by another view of its type", file: notesGo, old: "func (*NoteResource) get(w http.ResponseWriter, r *http.Request) error {\n",
		new:   "func (x *NoteResource) get(w http.ResponseWriter, r *http.Request) error {\n\tif r.FormValue(\"then\") == \"remove\" {\n\t\treturn x.remove(w, r)\n\t}\n",
		proof: "GET /notes/1?then=remove reader"},
	{what: "a handler called by another handler", file: chiGo, old: "func getNote(w http.ResponseWriter, r *http.Request) {\n",
		new:   "func getNote(w http.ResponseWriter, r *http.Request) {\n\tif r.FormValue(\"then\") == \"remove\" {\n\t\tremoveNote(w, r)\n\t\treturn\n\t}\n",
		proof: "GET /notes/1?then=remove note:read"},
	{what: "a public handler that calls a guarded one", file: nethttpGo, old: "func health(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, \"ok\") }",
		new: `func health(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

// status is health with the number of notes.
//
//webapi:public reason="the dashboard has no token"
func (s *server) status(w http.ResponseWriter, r *http.Request) { s.listNotes(w, r) }`,
		more: []edit{{nethttpGo, stdRest, "\tmux.HandleFunc(\"GET /status\", s.status)\n" + stdRest}}, proof: "GET /status -"},
	{what: "a guarded handler made public", file: nethttpGo, old: stdList, new: "http.HandlerFunc(s.listNotes)",
		more:       []edit{{nethttpGo, "func (s *server) listNotes", "//webapi:public reason=\"the mobile app has no token yet\"\nfunc (s *server) listNotes"}},
		regenerate: true, proof: "GET /notes -"},
	{what: "a table of handlers", file: notesGo, old: notesRest,
		new: `	for pattern, view := range map[string]webapi.View{"/all": notes.list} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { _ = view(w, r) })
	}` + "\n" + notesRest,
		proof: "GET /all -"},
	{what: "a handler in a field", file: nethttpGo, old: stdRest,
		new: `	handlers := struct{ list, remove http.HandlerFunc }{s.listNotes, s.removeNote}
	mux.Handle("GET /all", handlers.list)` + "\n" + stdRest,
		proof: "GET /all -"},
	{what: "a router in an interface", file: chiGo, old: chiEnd, new: "\tmount(r)\n" + chiEnd,
		more: []edit{{file: "chi/mount.go", new: `package chi

import "net/http"

type router interface {
	Get(pattern string, handler http.HandlerFunc)
}

func mount(r router) { r.Get("/all", listNotes) }
`}},
		proof: "GET /all -"},
	{what: "a registration through a value", file: ginGo, old: ginEnd, new: "\tget := r.GET\n\tget(\"/all\", s.listNotes)\n" + ginEnd, proof: "GET /all -"},
	{what: "a route of a computed method", file: chiGo, old: chiEnd,
		new: `	for _, method := range strings.Fields("POST PUT") {
		r.MethodFunc(method, "/notes/{id}/remove", removeNote)
	}` + "\n" + chiEnd,
		proof: "POST /notes/1/remove -"},
	{what: "a route of a computed pattern", file: echoGo, old: echoEnd, new: "\te.GET(strings.Join([]string{\"\", \"all\"}, \"/\"), listNotes)\n" + echoEnd, proof: "GET /all -"},
	{what: "a generic helper that mounts", file: nethttpGo, old: stdRest, new: "\tmount(mux, \"GET /all\", s, (*server).listNotes)\n" + stdRest,
		more: []edit{{file: "nethttp/mount.go", new: `package nethttp

import "net/http"

func mount[T any](mux *http.ServeMux, pattern string, x T, view func(T, http.ResponseWriter, *http.Request)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { view(x, w, r) })
}
`}},
		proof: "GET /all -"},
	{what: "a helper in another package that mounts", file: notesGo, old: notesRest, new: "\tmount.View(mux, \"DELETE /archive/{id}\", notes.remove)\n" + notesRest,
		more: []edit{{notesGo, "import (", "import (\n\t\"github.com/webapi-gen/webapi-gen/example/mount\""}, {file: "mount/mount.go", new: `// Package mount mounts views.
package mount

import "net/http"

// View adds a view to a mux.
func View(mux *http.ServeMux, pattern string, view func(http.ResponseWriter, *http.Request) error) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := view(w, r); err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
		}
	})
}
`}},
		proof: "DELETE /archive/1 -"},
	{what: "a helper in a folder that ./... skips", file: chiGo, old: chiEnd, new: "\tadmin.Mount(r, removeNote)\n" + chiEnd,
		more: []edit{{chiGo, "import (", "import (\n\t\"github.com/webapi-gen/webapi-gen/example/adopting/testdata/admin\""}, {file: "testdata/admin/admin.go", new: `// Package admin has routes for the operators.
package admin

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Mount adds the routes.
func Mount(r chi.Router, remove http.HandlerFunc) { r.Delete("/admin/notes/{id}", remove) }
`}},
		proof: "DELETE /admin/notes/1 -"},
	{what: "a route in a file with a build tag", file: nethttpGo, old: stdRest, new: "\tfor _, mount := range extra {\n\t\tmount(s, mux)\n\t}\n" + stdRest,
		more: []edit{{file: "nethttp/extra.go", new: "package nethttp\n\nimport \"net/http\"\n\n// extra has the routes of some builds.\nvar extra []func(*server, *http.ServeMux)\n"},
			{file: "nethttp/debug.go", new: `//go:build debug

package nethttp

import "net/http"

func init() {
	extra = append(extra, func(s *server, mux *http.ServeMux) { mux.HandleFunc("GET /debug/notes", s.listNotes) })
}
`}}},
	{what: "a route in a file for another system", file: "chi/routes_windows.go", new: `package chi

import "net/http"

func init() { http.HandleFunc("GET /notes", listNotes) }
`},

	// Resources that are made by hand.
	{what: "a resource made by hand", file: notesGo, old: "webapi.Handle(notes,", new: "webapi.Handle(relaxed{},",
		more: []edit{{file: "notes/relaxed.go", new: `package main

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

type relaxed struct{}

func (x relaxed) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (relaxed) RequiredScopes(method string) (webapi.Requirement, bool) {
	return webapi.Require(NoteScopeRead), method == "GET" || method == "DELETE"
}

func (relaxed) AccessRules() webapi.AccessRules { return new(NoteResource).AccessRules() }
`}},
		proof: "DELETE /notes/1 reader"},
	{what: "a resource that embeds one and answers itself", file: notesGo, old: "webapi.Handle(notes,", new: "webapi.Handle(relaxed{notes},",
		more: []edit{{file: "notes/relaxed.go", new: `package main

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

type relaxed struct{ *NoteResource }

func (x relaxed) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (relaxed) RequiredScopes(string) (webapi.Requirement, bool) {
	return webapi.Require(NoteScopeRead), true
}
`}},
		proof: "DELETE /notes/1 reader"},
	{what: "a resource that calls its view", file: notesGo, old: "webapi.Handle(notes,", new: "webapi.Handle(traced{notes},",
		more: []edit{{file: "notes/traced.go", new: `package main

import (
	"log"
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// traced logs what its resource decides.
type traced struct{ webapi.Resource }

func (x traced) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	err := x.Resource.CallMethodView(w, r, method, func(http.ResponseWriter, *http.Request) error { return nil })
	log.Print(method, " ", r.URL.Path, " ", err)
	return view(w, r)
}
`}},
		proof: "DELETE /notes/1 -"},
	{what: "a promoted guard", file: routesGo, old: apiUsers,
		new:   "admin := &adminUsers{RepositoryResource: repositories, store: s}\n\tmux.Handle(\"/api/users\", webapi.HandleList(admin, webapi.Views{\"GET\": admin.users}))",
		more:  []edit{{file: "api/admin.go", new: "package api\n\nimport (\n\t\"net/http\"\n\n\t\"github.com/webapi-gen/webapi-gen/example/codereview/internal/store\"\n)\n\ntype adminUsers struct {\n\t*RepositoryResource\n\tstore *store.Store\n}\n\nfunc (x *adminUsers) users(w http.ResponseWriter, r *http.Request) error {\n\tall, err := x.store.Users(r.Context())\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn respond(w, http.StatusOK, \"users\", all)\n}\n"}},
		proof: "GET /api/users -"},
	{what: "an assignment to what is generated", contract: true, file: notesGo, old: "func newServer()", new: "func init() { noteRequiresDelete = webapi.Require(NoteScopeRead) }\n\nfunc newServer()",
		proof: "DELETE /notes/1 reader"},
	{what: "an assignment through a pointer to what is generated", contract: true, file: notesGo, old: "func newServer()",
		new:   "func init() { relax(&noteRequiresDelete) }\n\nfunc relax(q *webapi.Requirement) { *q = webapi.Require(NoteScopeRead) }\n\nfunc newServer()",
		proof: "DELETE /notes/1 reader"},
	{what: "a guard written by hand in place of the generated one", file: notesGo, old: "//webapi:resource methods=GET,POST,DELETE key=id\n//webapi:describe read See your notes\n//webapi:require DELETE note:destroy note:write\n",
		more: []edit{{file: notesGuard}, {file: "notes/note_resource_webapi_contract_test.go"}, {file: "notes/guard.go", new: `package main

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

const (
	NoteScopeRead    webapi.Scope = "note:read"
	NoteScopeWrite   webapi.Scope = "note:write"
	NoteScopeDestroy webapi.Scope = "note:destroy"
)

func (x *NoteResource) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (*NoteResource) RequiredScopes(string) (webapi.Requirement, bool) {
	return webapi.Require(NoteScopeRead), true
}

func (*NoteResource) AccessRules() webapi.AccessRules {
	return webapi.AccessRules{Name: "note", Key: "id", Allow: "GET, HEAD, POST, DELETE", OAuth2: true}
}
`}, {file: "notes/webapi_catalog.go"}, {file: "notes/scopes.go", new: "// The scopes of the package are declared here.\n//\n//webapi:scope archive See what is old\npackage main\n"}},
		regenerate: true, proof: "DELETE /notes/1 reader"},
	{what: "an annotation moved to an alias", file: notesGo, old: "//webapi:require DELETE note:destroy note:write\ntype NoteResource struct{}",
		new: "type NoteResource struct{}\n\n// Note is a note.\n//\n//webapi:require DELETE note:write\ntype Note = NoteResource", regenerate: true},

	// Logins that let more in.
	{what: "unscoped access for a query parameter", file: echoGo, old: "\te.GET(\"/healthz\", health)\n",
		new: `	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			if c.QueryParam("preview") != "" {
				c.SetRequest(c.Request().WithContext(webapi.WithUnscopedAccess(c.Request().Context())))
			}
			return next(c)
		}
	})` + "\n\te.GET(\"/healthz\", health)\n",
		proof: "DELETE /notes/1?preview=1 -"},
	{what: "a token for the header of a proxy", file: nethttpGo, old: stdEnd,
		new: `return cfg.Middleware(webapi.Bearer(verifier))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user := r.Header.Get("X-Forwarded-User"); user != "" {
			r = r.WithContext(webapi.WithToken(r.Context(), webapi.Token{
				Subject: user, Scopes: webapi.MakeScopes(noteGuardScopeRead, noteGuardScopeWrite, noteGuardScopeDestroy), NoExpiry: true,
			}))
		}
		mux.ServeHTTP(w, r)
	}))`,
		proof: "DELETE /notes/1 - X-Forwarded-User:alice"},
	{what: "unscoped access through a value", file: nethttpGo, old: stdEnd,
		new: `mark := webapi.WithUnscopedAccess
	return cfg.Middleware(webapi.Bearer(verifier))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.RemoteAddr, "192.0.2.") {
			r = r.WithContext(mark(r.Context()))
		}
		mux.ServeHTTP(w, r)
	}))`,
		proof: "DELETE /notes/1 -"},
	{what: "unscoped access in another package", file: chiGo, old: `	r.Get("/healthz", health)`, new: "\tr.Use(trust.Header(\"X-Cron\"))\n" + `	r.Get("/healthz", health)`,
		more: []edit{{chiGo, "import (", "import (\n\t\"github.com/webapi-gen/webapi-gen/example/adopting/trust\""}, {file: "trust/trust.go", new: `// Package trust is for jobs of the own network.
package trust

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Header returns middleware for requests with a header field.
func Header(name string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get(name) != "" {
				r = r.WithContext(webapi.WithUnscopedAccess(r.Context()))
			}
			next.ServeHTTP(w, r)
		})
	}
}
`}},
		proof: "DELETE /notes/1 - X-Cron:1"},
	{what: "shadow mode", file: chiGo, old: `&webapi.Config{Realm: "notes"}`, new: `&webapi.Config{Realm: "notes", DangerouslyShadowScopesOf: []string{"note"}}`,
		proof: "DELETE /notes/1 tag:read"},
	{what: "shadow mode by an assignment", file: ginGo, old: `	r := gin.New()`, new: "\tcfg.DangerouslyShadowScopesOf = append(cfg.DangerouslyShadowScopesOf, \"note\")\n" + `	r := gin.New()`,
		proof: "DELETE /notes/1 tag:read"},
	{what: "shadow mode by the environment", file: nethttpGo, old: `&webapi.Config{Realm: "notes"}`, new: `&webapi.Config{Realm: "notes", DangerouslyShadowScopesOf: strings.Fields(os.Getenv("SHADOW"))}`},
	{what: "a default token", file: chiGo, old: `	r.Use(cfg.Middleware`, new: `	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" {
				r.Header.Set("Authorization", "Bearer note.read")
			}
			next.ServeHTTP(w, r)
		})
	})` + "\n" + `	r.Use(cfg.Middleware`,
		proof: "GET /notes -"},
	{what: "a verifier that adds a scope", file: nethttpGo, old: stdEnd,
		new: `return cfg.Middleware(webapi.Bearer(webapi.VerifierFunc(func(ctx context.Context, text string) (webapi.Token, error) {
		token, err := verifier.Verify(ctx, text)
		if token.Scopes.Has(noteGuardScopeWrite) {
			token.Scopes = webapi.MakeScopes(noteGuardScopeRead, noteGuardScopeWrite, noteGuardScopeDestroy) // writers could remove notes before
		}
		return token, err
	})))(mux)`,
		proof: "DELETE /notes/1 note:write"},
	{what: "a session for everybody", file: nethttpGo, old: stdEnd,
		new: `return cfg.Middleware(webapi.Bearer(verifier), webapi.AuthenticatorFunc(func(r *http.Request) (webapi.Token, error) {
		return webapi.Token{Subject: "guest", Scopes: webapi.MakeScopes(noteGuardScopeRead), NoExpiry: true}, nil
	}))(mux)`},
	{what: "the object from the query", file: nethttpGo, old: `&webapi.Config{Realm: "notes"}`,
		new:   `&webapi.Config{Realm: "notes", PathValue: func(r *http.Request, name string) string { return r.URL.Query().Get(name) }}`,
		proof: "DELETE /tags/1?id=2 policy-tag-1"},
	{what: "a WriteError that serves the view", file: chiGo, old: `&webapi.Config{Realm: "notes"}`,
		new:   `&webapi.Config{Realm: "notes", WriteError: func(w http.ResponseWriter, r *http.Request, _ error) { w.WriteHeader(http.StatusOK); listNotes(w, r) }}`,
		proof: "GET /notes -"},

	// The same in other words.
	{what: "a token in the query", file: nethttpGo, old: stdEnd,
		new: `return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token := r.URL.Query().Get("token"); token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		cfg.Middleware(webapi.Bearer(verifier))(mux).ServeHTTP(w, r)
	})`,
		proof: "GET /notes?token=note.read -"},
	{what: "a default token in the request of a context", file: ginGo, old: "\tr.Use(ginapi.Middleware",
		new: `	r.Use(func(c *gin.Context) {
		if c.GetHeader("Authorization") == "" {
			c.Request.Header.Add("authorization", "Bearer note.read")
		}
	})` + "\n\tr.Use(ginapi.Middleware",
		proof: "GET /notes -"},
	{what: "a default token by a helper", file: echoGo, old: "\te.Use(echoapi.Middleware",
		new: `	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			asGuest(c.Request())
			return next(c)
		}
	})` + "\n\te.Use(echoapi.Middleware",
		more: []edit{{echoGo, "//webapi:public", `func asGuest(r *http.Request) {
	if r.Header["Authorization"] == nil {
		r.Header["Authorization"] = []string{"Bearer note.read"}
	}
}

//webapi:public`}},
		proof: "GET /notes -"},
	{what: "a default token on a copy of the request", file: chiGo, old: "\tr.Use(cfg.Middleware",
		new: `	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			guest := r.Clone(r.Context())
			header := guest.Header
			header.Set("Authorization", "Bearer note.read")
			next.ServeHTTP(w, guest)
		})
	})` + "\n\tr.Use(cfg.Middleware",
		proof: "GET /notes -"},
	{what: "a request of its own with a token", file: chiGo, old: "\tr.Use(cfg.Middleware",
		new: `	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			own, err := http.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), r.Body)
			if err != nil {
				http.Error(w, "bad request", http.StatusBadRequest)
				return
			}
			own.Header.Set("Authorization", "Bearer note.read")
			next.ServeHTTP(w, own)
		})
	})` + "\n\tr.Use(cfg.Middleware",
		proof: "GET /notes -"},
	{what: "a verifier that accepts expired tokens", file: nethttpGo, old: stdEnd,
		new: `return cfg.Middleware(webapi.Bearer(webapi.VerifierFunc(func(ctx context.Context, text string) (webapi.Token, error) {
		token, err := verifier.Verify(ctx, text)
		token.Expires, token.NoExpiry = token.Expires.AddDate(1, 0, 0), token.NoExpiry
		return token, err
	})))(mux)`},
	{what: "an authenticator with a token of its own", file: nethttpGo, old: stdEnd,
		new: `return cfg.Middleware(webapi.Bearer(verifier), webapi.AuthenticatorFunc(func(r *http.Request) (webapi.Token, error) {
		return verifier.Verify(r.Context(), "note.read")
	}))(mux)`,
		proof: "GET /notes -"},
	{what: "a token more in a table", file: notesGo, old: `	"reader": webapi.MakeScopes(NoteScopeRead),` + "\n",
		new:   `	"reader": webapi.MakeScopes(NoteScopeRead),` + "\n" + `	"guest": webapi.MakeScopes(NoteScopeRead),` + "\n",
		proof: "GET /notes guest"},
	{what: "a scope more for a token of a table", file: notesGo, old: `webapi.MakeScopes(NoteScopeRead),`, new: `webapi.MakeScopes(NoteScopeRead, NoteScopeWrite),`,
		proof: "POST /notes reader"},
	{what: "a second token in a verifier", file: notesGo, old: "\tif !known {\n",
		new:   "\tif strings.HasPrefix(token, \"dev\") {\n\t\treturn webapi.Token{Scopes: tokens[\"owner\"], NoExpiry: true}, nil\n\t}\n\tif !known {\n",
		proof: "DELETE /notes/1 dev"},
	{what: "the scopes of another token", file: notesGo, old: "\tif !known {\n",
		new:   "\tif token == \"writer\" {\n\t\tscopes = tokens[\"owner\"]\n\t}\n\tif !known {\n",
		proof: "DELETE /notes/1 writer"},
	{what: "another object before the guard", file: "nethttp/tags.go", old: `mux.Handle("DELETE /tags/{id}", webapi.Guard(tag)(http.HandlerFunc(removeTag)))`,
		new: `mux.Handle("DELETE /tags/{id}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("id", r.URL.Query().Get("as"))
		webapi.Guard(tag)(http.HandlerFunc(removeTag)).ServeHTTP(w, r)
	}))`,
		proof: "DELETE /tags/1?as=2 policy-tag-1"},
	{what: "a handler called by another handler of gin", file: ginGo, old: "func (s *server) getNote(c *gin.Context) {\n",
		new:   "func (s *server) getNote(c *gin.Context) {\n\tif c.Query(\"then\") == \"remove\" {\n\t\ts.removeNote(c)\n\t\treturn\n\t}\n",
		proof: "GET /notes/1?then=remove note:read"},
	{what: "a handler called through a variable", file: echoGo, old: "func getNote(c *echo.Context) error {\n",
		new:   "func getNote(c *echo.Context) error {\n\tif serve := removeNote; c.QueryParam(\"then\") == \"remove\" {\n\t\treturn serve(c)\n\t}\n",
		proof: "GET /notes/1?then=remove note:read"},
	{what: "an error handler that serves the view", file: echoGo, old: "\te := echo.New()\n",
		new:   "\te := echo.New()\n\te.HTTPErrorHandler = func(c *echo.Context, _ error) { _ = listNotes(c) }\n",
		proof: "GET /notes -"},
	{what: "middleware that serves the view", file: ginGo, old: "\tr.GET(\"/healthz\", health)\n",
		new: `	r.Use(func(c *gin.Context) {
		if c.Query("all") != "" {
			s.listNotes(c)
			c.Abort()
			return
		}
		c.Next()
	})` + "\n\tr.GET(\"/healthz\", health)\n",
		proof: "GET /notes?all=1 -"},
	{what: "a server in front of the guarded one", file: nethttpGo, old: stdEnd, new: "return &front{s, cfg.Middleware(webapi.Bearer(verifier))(mux)}",
		more: []edit{{file: "nethttp/front.go", new: `package nethttp

import "net/http"

// front answers some paths before next does.
type front struct {
	*server
	next http.Handler
}

func (x *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/notes.txt" {
		x.text(w, r)
		return
	}
	x.next.ServeHTTP(w, r)
}

func (x *front) text(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	x.listNotes(w, r)
}
`}},
		proof: "GET /notes.txt -"},
	{what: "a handler that is converted and called", file: nethttpGo, old: `&webapi.Config{Realm: "notes"}`,
		new: `&webapi.Config{Realm: "notes", WriteError: func(w http.ResponseWriter, r *http.Request, _ error) {
		w.WriteHeader(http.StatusOK)
		http.HandlerFunc(s.listNotes).ServeHTTP(w, r)
	}}`,
		proof: "GET /notes -"},
	{what: "a public handler that begins to call a guarded one", file: chiGo, old: `func health(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }`,
		new: `func health(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("text") != "" {
		addNote(w, r)
		return
	}
	fmt.Fprintln(w, "ok")
}`,
		proof: "GET /healthz?text=x -"},
	{what: "a view that no guard has, called for an error", file: notesGo, old: notesRest,
		new:   "\tcfg := &webapi.Config{Realm: \"notes\", WriteError: func(w http.ResponseWriter, r *http.Request, _ error) { w.WriteHeader(http.StatusOK); _ = notes.all(w, r) }}\n",
		more:  []edit{{notesGo, "func (*NoteResource) create", "func (*NoteResource) all(w http.ResponseWriter, _ *http.Request) error {\n\t_, err := fmt.Fprintln(w, \"buy milk\")\n\treturn err\n}\n\nfunc (*NoteResource) create"}},
		proof: "GET /notes -"},
	{what: "the handlers of a gin engine registered again", file: ginGo, old: ginEnd,
		new:   "\tfor _, route := range r.Routes() {\n\t\tr.Handle(route.Method, \"/v2\"+route.Path, route.HandlerFunc)\n\t}\n" + ginEnd,
		proof: "GET /v2/notes -"},
	{what: "the handlers that chi.Walk finds mounted elsewhere", file: chiGo, old: chiEnd,
		new: `	legacy := chi.NewRouter()
	_ = chi.Walk(r, func(method, route string, handler http.Handler, _ ...func(http.Handler) http.Handler) error {
		legacy.Method(method, route, handler)
		return nil
	})
	r.Mount("/v2", legacy)
` + chiEnd,
		proof: "GET /v2/notes -"},
	{what: "a clock that stands still", file: nethttpGo, old: `&webapi.Config{Realm: "notes"}`,
		new:  `&webapi.Config{Realm: "notes", Now: func() time.Time { return time.Unix(0, 0) }}`,
		more: []edit{{nethttpGo, "\t\"net/http\"\n", "\t\"net/http\"\n\t\"time\"\n"}}},
	{what: "an exception from the check of origins", file: nethttpGo, old: stdRest,
		new: stdRest + "\torigins := http.NewCrossOriginProtection()\n\torigins.AddInsecureBypassPattern(\"/notes/\")\n\tcfg.CrossOrigin = origins\n"},

	// The runtime, the module and the lock file.
	{what: "another runtime in go.mod", in: "notes", file: "go.mod", fork: true, proof: "DELETE /notes/1 - X-Debug:1"},
	{what: "another runtime in go.work", in: "notes", file: "go.work", new: "go 1.26.0\n\nuse .\n\nreplace github.com/webapi-gen/webapi-gen/webapi => ./fork\n", fork: true, proof: "DELETE /notes/1 - X-Debug:1"},
	{what: "a folder that go.mod ignores", in: "chi", file: "go.mod", old: "\nreplace (", new: "\nignore ./chi\n\nreplace (",
		more: []edit{{chiGo, chiList, `r.Get("/notes", listNotes)`}}, proof: "GET /notes -"},
	{what: "a package that becomes a module", in: "notes", file: "notes/go.mod", own: true,
		more: []edit{{notesGo, notesRest, "\tmux.HandleFunc(\"/all\", func(w http.ResponseWriter, r *http.Request) { _ = notes.list(w, r) })\n" + notesRest}}, proof: "GET /all -"},
	{what: "the lock file removed", in: "notes", file: "webapi.lock",
		more: []edit{{notesGo, "//webapi:require DELETE note:destroy note:write", "//webapi:require DELETE note:destroy"}}, regenerate: true},
	{what: "the lock file edited beside the annotation", in: "notes", file: "webapi.lock", old: "note:destroy + note:write", new: "note:destroy",
		more: []edit{{notesGo, "//webapi:require DELETE note:destroy note:write", "//webapi:require DELETE note:destroy"}}, regenerate: true},
	{what: "the lock file removed beside a route without a guard", in: "chi", file: "webapi.lock",
		more: []edit{{chiGo, chiList, `r.Get("/notes", listNotes)`}}, proof: "GET /notes -"},
	{what: "the lock file removed alone", in: "gin", file: "webapi.lock"},
}

// unnoticed are the mutants that nothing notices yet. The list must only shrink.
var unnoticed = []string{}
