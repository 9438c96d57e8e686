package ginapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	ginapi "github.com/webapi-gen/webapi-gen/adapters/gin"
	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode) // else gin prints every route
	os.Exit(m.Run())
}

func TestGuards(t *testing.T) {
	options := map[string]gin.OptionFunc{
		"default":             func(*gin.Engine) {},
		"raw path, unescaped": func(r *gin.Engine) { r.UseRawPath = true },
		"raw path":            func(r *gin.Engine) { r.UseRawPath, r.UnescapePathValues = true, false },
		"without extra slash": func(r *gin.Engine) { r.RemoveExtraSlash = true },
		"fixed path":          func(r *gin.Engine) { r.RedirectFixedPath = true },
	}
	for name, option := range options {
		t.Run(name, func(t *testing.T) {
			adaptertest.Guards(t, func(cfg *webapi.Config, authenticator webapi.Authenticator, res webapi.Resource, routes []adaptertest.Route) http.Handler {
				r := gin.New(option)
				r.Use(ginapi.Middleware(cfg, authenticator))
				for _, route := range routes {
					guard := ginapi.Guard(res)
					switch {
					case route.List:
						guard = ginapi.GuardList(res)
					case route.Operation != "":
						guard = ginapi.GuardOperation(res, route.Operation)
					}
					r.Handle(route.Method, strings.ReplaceAll(route.Path, "{id}", ":id"), guard, func(c *gin.Context) {
						route.Handler(c.Writer, c.Request, c.Param("id"))
					})
				}
				return r
			})
		})
	}
}

func TestStreams(t *testing.T) {
	adaptertest.Streams(t, func(res webapi.Resource, handler http.Handler) http.Handler {
		r := gin.New()
		r.Use(ginapi.Middleware(adaptertest.Config(), adaptertest.Bearer()))
		r.Match([]string{"GET", "POST"}, "/notes/:id", ginapi.Guard(res), gin.WrapH(handler))
		return r
	})
}

// send sends a request by the token of [adaptertest.Bearer], "" for none.
func send(server http.Handler, method, path, token string) *httptest.ResponseRecorder {
	r, w := httptest.NewRequest(method, path, nil), httptest.NewRecorder()
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	server.ServeHTTP(w, r)
	return w
}

// TestBesideOptions has a route for preflight requests to every path, which gin does
// not allow beside Any.
func TestBesideOptions(t *testing.T) {
	ok := func(c *gin.Context) { c.String(http.StatusOK, "note %s", c.Param("id")) }
	notes := adaptertest.Notes()
	r := gin.New()
	r.Use(ginapi.Middleware(adaptertest.Config(), adaptertest.Bearer()))
	r.OPTIONS("/*path", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	r.GET("/notes", ginapi.GuardList(notes), ok)
	r.Group("/notes/:id", ginapi.Guard(notes)).Match([]string{"GET", "DELETE"}, "", ok)
	views := webapi.Views{"GET": func(w http.ResponseWriter, r *http.Request) error {
		_, err := fmt.Fprint(w, "view of note ", r.PathValue("id"))
		return err
	}}
	r.Match([]string{"GET", "HEAD"}, "/views/:id", gin.WrapH(webapi.Handle(notes, views)))
	for _, tt := range []struct {
		request, token string
		status         int
		body           string
	}{
		{"OPTIONS /notes/7", "", 204, ""},
		{"GET /notes", "reader", 200, "note "},
		{"GET /notes", "", 401, ""},
		{"GET /notes/7", "reader", 200, "note 7"},
		{"DELETE /notes/7", "reader", 403, ""},
		{"GET /views/7", "reader", 200, "view of note 7"},
		{"GET /views/7", "api-not-7", 403, ""},
		{"GET /views/8", "api-not-7", 200, "view of note 8"},
	} {
		method, path, _ := strings.Cut(tt.request, " ")
		if w := send(r, method, path, tt.token); w.Code != tt.status || tt.body != "" && w.Body.String() != tt.body {
			t.Errorf("%s by %q: got %d %q, want %d %q", tt.request, tt.token, w.Code, w.Body, tt.status, tt.body)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Any does not panic beside OPTIONS any more: say so in the documentation")
		}
	}()
	r.Any("/other", ok)
}

// TestObjectInList has the guard of an object in the group of its collection.
func TestObjectInList(t *testing.T) {
	notes := adaptertest.Notes()
	r := gin.New()
	r.Use(ginapi.Middleware(adaptertest.Config(), adaptertest.Bearer()))
	r.Group("/notes", ginapi.GuardList(notes)).GET("/:id", ginapi.Guard(notes), func(*gin.Context) {})
	for path, status := range map[string]int{"/notes/7": 403, "/notes/8": 200} {
		if w := send(r, "GET", path, "api-not-7"); w.Code != status {
			t.Errorf("%s: got %d, want %d", path, w.Code, status)
		}
	}
}

// TestRepeatedName has a path value of which c.Param returns the first.
func TestRepeatedName(t *testing.T) {
	r := gin.New()
	r.Use(ginapi.Middleware(adaptertest.Config(), adaptertest.Bearer()))
	r.GET("/notes/:id/in/:id", ginapi.Guard(adaptertest.Notes()), func(c *gin.Context) { c.String(200, c.Param("id")) })
	for path, status := range map[string]int{"/notes/7/in/8": 403, "/notes/8/in/7": 200} {
		if w := send(r, "GET", path, "api-not-7"); w.Code != status {
			t.Errorf("%s: got %d %q, want %d", path, w.Code, w.Body, status)
		}
	}
}

// TestCatchAll has a path value that begins with a slash, which a handler may cut off.
func TestCatchAll(t *testing.T) {
	r := gin.New()
	r.Use(ginapi.Middleware(adaptertest.Config(), adaptertest.Bearer()))
	r.GET("/notes/*id", ginapi.Guard(adaptertest.Notes()), func(c *gin.Context) { c.String(200, c.Param("id")) })
	for token, status := range map[string]int{"reader": 200, "api": 403, "api-not-7": 403} {
		if w := send(r, "GET", "/notes/7", token); w.Code != status {
			t.Errorf("%s: got %d %q, want %d", token, w.Code, w.Body, status)
		}
	}
}

// TestWithinServeMux sends a request for which http.ServeMux leaves the values of its own
// pattern unset (golang/go#81222).
func TestWithinServeMux(t *testing.T) {
	r := gin.New()
	r.Any("/notes/:id/x", ginapi.Guard(adaptertest.Notes()), func(c *gin.Context) { c.Status(200) })
	mux := http.NewServeMux()
	mux.Handle("/notes/{id}/x", r)
	for _, path := range []string{"/notes//x", "/notes/7/x"} {
		if w := send(mux, "CONNECT", path, ""); w.Code != 405 {
			t.Errorf("%s: got %d %s", path, w.Code, w.Body)
		}
	}
}

// TestPanic has functions that panic while a request is denied, and a recovery that
// does not abort.
func TestPanic(t *testing.T) {
	panics := webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) { panic("authenticator") })
	for name, set := range map[string]func(cfg *webapi.Config, authenticator *webapi.Authenticator){
		"authenticator": func(_ *webapi.Config, a *webapi.Authenticator) { *a = panics },
		"OnDecision": func(cfg *webapi.Config, _ *webapi.Authenticator) {
			cfg.OnDecision = func(webapi.Decision) { panic("hook") }
		},
		"WriteError": func(cfg *webapi.Config, _ *webapi.Authenticator) {
			cfg.WriteError = func(http.ResponseWriter, *http.Request, error) { panic("hook") }
		},
	} {
		cfg, authenticator := adaptertest.Config(), adaptertest.Bearer()
		set(cfg, &authenticator)
		ran := false
		r := gin.New()
		r.Use(gin.CustomRecoveryWithWriter(nil, func(c *gin.Context, _ any) { c.String(500, "recovered") }))
		r.Use(ginapi.Middleware(cfg, authenticator))
		r.GET("/notes", ginapi.GuardList(adaptertest.Notes()), func(*gin.Context) { ran = true })
		if w := send(r, "GET", "/notes", "stranger"); ran || w.Code != 500 || w.Body.String() != "recovered" {
			t.Errorf("%s: got %d %q; the handler has run: %v", name, w.Code, w.Body, ran)
		}
	}
}

// TestErrors shows the forms of a response to a denied request.
func TestErrors(t *testing.T) {
	own := func(w http.ResponseWriter, _ *http.Request, err error) { fmt.Fprint(w, "own: ", err) }
	handleErrors := func(c *gin.Context) {
		if c.Next(); len(c.Errors) > 0 {
			c.String(c.Writer.Status(), "middleware: %s", c.Errors.Last())
		}
	}
	problem := "webapi: error 112: The access token lacks a scope that this request needs (missing: note:read)"
	for _, tt := range []struct {
		name       string
		use        []gin.HandlerFunc
		writeError func(http.ResponseWriter, *http.Request, error)
		token      string
		status     int
		body       string // the beginning
	}{
		{"default", nil, nil, "stranger", 403, `{"stat":"fail","err":{"code":112,`},
		{"default", nil, nil, "down", 503, `{"stat":"fail","err":{"code":503,`},
		{"hook", nil, own, "stranger", 403, "own: " + problem},
		{"hook", nil, own, "down", 503, "own: webapi: error 503: "},
		{"middleware", []gin.HandlerFunc{handleErrors, ginapi.AddErrors}, nil, "stranger", 403, "middleware: " + problem},
		{"middleware", []gin.HandlerFunc{handleErrors, ginapi.AddErrors}, own, "down", 503, "middleware: webapi: error 503: "},
		{"middleware that is told nothing", []gin.HandlerFunc{handleErrors}, nil, "stranger", 403, `{"stat":"fail","err":{"code":112,`},
		{"no middleware", []gin.HandlerFunc{ginapi.AddErrors}, nil, "stranger", 403, ""},
	} {
		cfg := adaptertest.Config()
		cfg.WriteError = tt.writeError
		ran := false
		r := gin.New()
		r.Use(tt.use...)
		r.Use(ginapi.Middleware(cfg, adaptertest.Bearer()))
		r.GET("/notes", ginapi.GuardList(adaptertest.Notes()), func(*gin.Context) { ran = true })
		w := send(r, "GET", "/notes", tt.token)
		body := w.Body.String()
		if w.Code != tt.status || !strings.HasPrefix(body, tt.body) || tt.body == "" && body != "" || strings.Contains(body, "}\nmiddleware") || ran {
			t.Errorf("%s: got %d %q, want %d %q; the handler has run: %v", tt.name, w.Code, body, tt.status, tt.body, ran)
		}
		if got := w.Header().Get("WWW-Authenticate"); (got != "") != (tt.status == 403) {
			t.Errorf("%s: got WWW-Authenticate %q", tt.name, got)
		}
	}
}
