// Package handlers calls handlers that are mounted behind guards.
package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/labstack/echo/v5"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// NoteGuard guards notes.
//
//webapi:resource name=note methods=GET,POST,DELETE key=id
type NoteGuard struct{}

// TagGuard guards tags.
//
//webapi:resource name=tag methods=GET,DELETE
type TagGuard struct{}

type server struct {
	front http.Handler
	other webapi.Resource
}

var note, tag = new(NoteGuard), new(TagGuard)

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health)
	mux.Handle("GET /notes", webapi.GuardList(note)(http.HandlerFunc(s.listNotes)))
	mux.Handle("POST /notes", webapi.GuardList(note)(http.HandlerFunc(s.addNote)))
	mux.Handle("GET /notes/{id}", webapi.Guard(note)(http.HandlerFunc(s.getNote)))
	mux.Handle("DELETE /notes/{id}", webapi.Guard(note)(http.HandlerFunc(s.removeNote)))
	mux.Handle("DELETE /old/{id}", webapi.Guard(note)(http.HandlerFunc(s.removeOld)))
	mux.Handle("GET /tags", webapi.GuardList(tag)(http.HandlerFunc(listTags)))
	mux.Handle("GET /unknown", webapi.Guard(note)(webapi.Guard(s.other)(http.HandlerFunc(Unknown))))
	mux.Handle("GET /guarded", webapi.Guard(note)(http.HandlerFunc(both)))
	mux.HandleFunc("GET /open", both)
	mux.Handle("GET /made", webapi.Guard(note)(made()))
	mux.Handle("GET /typed", webapi.Guard(note)(typed{}))
	mux.Handle("GET /closure", webapi.Guard(note)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.listNotes(w, r)
		func() { s.getNote(w, r) }()
	})))
	mux.Handle("POST /notes/{id}", webapi.Guard(note)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.removeNote(w, r) // want `handlers.server.removeNote is a handler behind the guard of NoteGuard and is called past it; share a function that takes no request, or ask webapi.Decide before`
	})))
	mux.Handle("/dispatch/{id}", webapi.Guard(note)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			s.getNote(w, r)
		case http.MethodDelete:
			s.removeNote(w, r)
		}
	})))
	for pattern, h := range map[string]http.HandlerFunc{"GET /a": s.listNotes, "GET /b": s.getNote} {
		mux.Handle(pattern, webapi.Guard(note)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Table", "1")
			h(w, r)
		})))
	}
	get := s.getNote
	mux.Handle("GET /variable/{id}", webapi.Guard(note)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { get(w, r) })))
	mux.Handle("GET /asked", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = note.CallMethodView(w, r, "GET", func(w http.ResponseWriter, r *http.Request) error {
			s.getNote(w, r)
			return nil
		})
	}))
	mux.HandleFunc("GET /bare", func(w http.ResponseWriter, r *http.Request) {
		s.getNote(w, r) // want `handlers.server.getNote is a handler`
	})
	return mux
}

// An answer before the routes.
func (s *server) switched() http.Handler {
	next := s.routes()
	list := http.HandlerFunc(s.listNotes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/notes.txt":
			s.listNotes(w, r) // want `handlers.server.listNotes is a handler`
		case "/notes.csv":
			list.ServeHTTP(w, r) // want `handlers.server.listNotes is a handler`
		case "/notes.xml":
			s.helped(w, r)
		case "/healthz":
			health(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (s *server) helped(w http.ResponseWriter, r *http.Request) {
	s.listNotes(w, r) // want `handlers.server.listNotes is a handler`
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/notes" {
		s.listNotes(w, r) // want `handlers.server.listNotes is a handler`
		return
	}
	s.front.ServeHTTP(w, r)
}

// Middleware of a router, and what it does for errors.
func mounted(s *server) {
	r := chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("all") != "" {
				s.listNotes(w, r) // want `handlers.server.listNotes is a handler`
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	r.Get("/healthz", health)
	r.With(webapi.Guard(note)).Get("/chi", s.getNote)
	r.Group(func(r chi.Router) {
		r.Use(webapi.Guard(note))
		r.NotFound(missing)
	})
	cfg := &webapi.Config{WriteError: func(w http.ResponseWriter, r *http.Request, err error) {
		http.HandlerFunc(s.listNotes).ServeHTTP(w, r) // want `handlers.server.listNotes is a handler`
	}}
	cfg.WriteError = s.failed
	go s.listNotes(nil, nil) // want `handlers.server.listNotes is a handler`
	_ = cfg.Middleware()(r)
}

func (s *server) failed(w http.ResponseWriter, r *http.Request, err error) {
	missing(w, r)
	s.getNote(w, r)         // want `handlers.server.getNote is a handler`
	typed{}.ServeHTTP(w, r) // want `handlers.typed.ServeHTTP is a handler`
}

// Handlers.

//webapi:public reason="it says nothing"
func health(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("all") != "" {
		new(server).listNotes(w, r)
	}
}

func missing(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

// Unknown is behind a guard that is not known.
func Unknown(w http.ResponseWriter, r *http.Request) {}

func both(w http.ResponseWriter, r *http.Request) {}

func made() http.HandlerFunc { return func(w http.ResponseWriter, r *http.Request) {} }

type typed struct{}

func (typed) ServeHTTP(w http.ResponseWriter, r *http.Request) {} // want ServeHTTP:"handler"

func (s *server) listNotes(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("again") != "" {
		s.listNotes(w, r)
	}
	both(w, r)
	missing(w, r)
	made()(w, r)
}

func (s *server) addNote(w http.ResponseWriter, r *http.Request) {
	s.respond(w, r)
	s.removeNote(w, r) // want `handlers.server.removeNote is a handler`
}

// respond is called by handlers of notes alone.
func (s *server) respond(w http.ResponseWriter, r *http.Request) { s.getNote(w, r) }

func (s *server) getNote(w http.ResponseWriter, r *http.Request) {
	remove := s.removeNote
	remove(w, r) // want `handlers.server.removeNote is a handler`
}

func (s *server) removeNote(w http.ResponseWriter, r *http.Request) {}

func (s *server) removeOld(w http.ResponseWriter, r *http.Request) { s.removeNote(w, r) }

func listTags(w http.ResponseWriter, r *http.Request) {
	new(server).listNotes(w, r) // want `handlers.server.listNotes is a handler`
}

func decided(w http.ResponseWriter, r *http.Request) {
	if webapi.Decide(r.Context(), note, "DELETE", "") == nil {
		new(server).removeNote(w, r)
	}
}

// Wrapped is mounted by another package, behind whatever that puts before it.
func Wrapped(w http.ResponseWriter, r *http.Request) { new(server).listNotes(w, r) }

func wrapper(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { next(w, r) }
}

// Mount mounts an exported handler.
func Mount(mux *http.ServeMux) {
	mux.Handle("GET /exported", webapi.Guard(note)(wrapper(Exported)))
}

// Exported is behind a guard.
func Exported(w http.ResponseWriter, r *http.Request) {} // want Exported:"handler"

func ginRoutes(r *gin.Engine) {
	asks := func(c *gin.Context) {
		if webapi.Decide(c.Request.Context(), note, c.Request.Method, c.Param("id")) != nil {
			c.AbortWithStatus(http.StatusForbidden)
		}
	}
	r.GET("/gin/:id", asks, ginGet)
	r.DELETE("/gin/:id", asks, ginRemove)
	r.Use(ginFront)
}

func ginFront(c *gin.Context) {
	ginGet(c) // want `handlers.ginGet is a handler`
	c.Next()
}

func ginGet(c *gin.Context) {
	ginRemove(c) // want `handlers.ginRemove is a handler`
}

func ginRemove(c *gin.Context) {}

func echoRoutes(e *echo.Echo) {
	asks := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			if err := webapi.Decide(c.Request().Context(), note, c.Request().Method, c.Param("id")); err != nil {
				return err
			}
			return next(c)
		}
	}
	e.GET("/echo/:id", echoGet, asks)
	e.DELETE("/echo/:id", echoRemove, asks)
	e.GET("/echo/:id/again", func(c *echo.Context) error { return echoGet(c) }, asks)
}

func echoFailed(c *echo.Context, err error) {
	_ = echoGet(c) // want `handlers.echoGet is a handler`
}

func echoGet(c *echo.Context) error {
	return echoRemove(c) // want `handlers.echoRemove is a handler`
}

func echoRemove(c *echo.Context) error { return nil }
