package echoapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v5"

	echoapi "github.com/webapi-gen/webapi-gen/adapters/echo5"
	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

func TestGuards(t *testing.T) {
	for name, router := range map[string]echo.RouterConfig{
		"default": {}, "UnescapePathParamValues": {UnescapePathParamValues: true}, "UseEscapedPathForMatching": {UseEscapedPathForMatching: true},
	} {
		t.Run(name, func(t *testing.T) {
			adaptertest.Guards(t, func(cfg *webapi.Config, authenticator webapi.Authenticator, res webapi.Resource, routes []adaptertest.Route) http.Handler {
				e := echo.NewWithConfig(echo.Config{Router: echo.NewRouter(router)})
				e.Use(echoapi.Middleware(cfg, authenticator))
				for _, route := range routes {
					guard := echoapi.Guard(res)
					switch {
					case route.List:
						guard = echoapi.GuardList(res)
					case route.Operation != "":
						guard = echoapi.GuardOperation(res, route.Operation)
					}
					e.Add(route.Method, strings.ReplaceAll(route.Path, "{id}", ":id"), func(c *echo.Context) error {
						route.Handler(c.Response(), c.Request(), c.Param("id"))
						return nil
					}, guard)
				}
				return e
			})
		})
	}
}

func TestStreams(t *testing.T) {
	adaptertest.Streams(t, func(res webapi.Resource, handler http.Handler) http.Handler {
		e := echo.New()
		e.Use(echoapi.Middleware(adaptertest.Config(), adaptertest.Bearer()))
		e.Match([]string{"GET", "POST"}, "/notes/:id", echo.WrapHandler(handler), echoapi.Guard(res))
		return e
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

func ok(c *echo.Context) error { return c.String(http.StatusOK, "note "+c.Param("id")) }

// TestBesideOptions has a route for preflight requests to every path.
func TestBesideOptions(t *testing.T) {
	notes := adaptertest.Notes()
	e := echo.New()
	e.Use(echoapi.Middleware(adaptertest.Config(), adaptertest.Bearer()))
	e.OPTIONS("/*", func(c *echo.Context) error { return c.NoContent(http.StatusNoContent) })
	e.GET("/notes", ok, echoapi.GuardList(notes))
	e.Match([]string{"GET", "DELETE"}, "/notes/:id", ok, echoapi.Guard(notes))
	for request, status := range map[string]int{
		"OPTIONS /notes/7": 204, "GET /notes": 200, "GET /notes/7": 200, "DELETE /notes/7": 403,
	} {
		method, path, _ := strings.Cut(request, " ")
		if w := send(e, method, path, "reader"); w.Code != status {
			t.Errorf("%s: got %d %q, want %d", request, w.Code, w.Body, status)
		}
	}
}

// TestObjectInList has the guard of an object in the group of its collection.
func TestObjectInList(t *testing.T) {
	notes := adaptertest.Notes()
	e := echo.New()
	e.Use(echoapi.Middleware(adaptertest.Config(), adaptertest.Bearer()))
	e.Group("/notes", echoapi.GuardList(notes)).GET("/:id", ok, echoapi.Guard(notes))
	for path, status := range map[string]int{"/notes/7": 403, "/notes/8": 200} {
		if w := send(e, "GET", path, "api-not-7"); w.Code != status {
			t.Errorf("%s: got %d, want %d", path, w.Code, status)
		}
	}
}

// TestWithinServeMux sends a request for which http.ServeMux leaves the values of its own
// pattern unset (golang/go#81222).
func TestWithinServeMux(t *testing.T) {
	e := echo.New()
	e.Any("/notes/:id/x", ok, echoapi.Guard(adaptertest.Notes()))
	mux := http.NewServeMux()
	mux.Handle("/notes/{id}/x", e)
	for _, path := range []string{"/notes//x", "/notes/7/x"} {
		if w := send(mux, "CONNECT", path, ""); w.Code != 405 {
			t.Errorf("%s: got %d %s", path, w.Code, w.Body)
		}
	}
}

// TestErrors shows who responds to which error, and how.
func TestErrors(t *testing.T) {
	own := func(w http.ResponseWriter, _ *http.Request, err error) { fmt.Fprint(w, "own: ", err) }
	missing := "The access token lacks a scope that this request needs"
	conflict := &webapi.Error{Code: 210, Status: 409, Message: "edited meanwhile"}
	for _, tt := range []struct {
		name       string
		err        error // of the handler
		writeError func(http.ResponseWriter, *http.Request, error)
		token      string
		status     int
		body       string
	}{
		{"denied", nil, nil, "stranger", 403, `{"message":"` + missing + `"}`},
		{"refused", nil, nil, "down", 503, `{"message":"The credentials cannot be verified now"}`},
		{"denied, hook", nil, own, "stranger", 403, "own: webapi: error 112: " + missing + " (missing: note:read)"},
		{"refused, hook", nil, own, "down", 503, "own: webapi: error 503: The credentials cannot be verified now"},
		{"error of echo", echo.NewHTTPError(404, "no such note"), nil, "reader", 404, `{"message":"no such note"}`},
		{"error of echo, hook", echo.NewHTTPError(404, "no such note"), own, "reader", 404, `{"message":"no such note"}`},
		{"error of echo without a text", echo.ErrNotFound, own, "reader", 404, `{"message":"Not Found"}`},
		{"error of echo that wraps ours", echo.NewHTTPError(404, "no such note").Wrap(conflict), own, "reader", 404, `{"message":"no such note"}`},
		{"another error", errors.New("secret"), own, "reader", 500, `{"message":"Internal Server Error"}`},
		{"our error", conflict, nil, "reader", 409, `{"message":"edited meanwhile"}`},
		{"our error, wrapped", fmt.Errorf("secret: %w", conflict), nil, "reader", 409, `{"message":"edited meanwhile"}`},
		{"our error without a text", &webapi.Error{Status: 409}, nil, "reader", 409, `{"message":"Conflict"}`},
		{"our error, hook", conflict, own, "reader", 409, "own: webapi: error 210: edited meanwhile"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := adaptertest.Config()
			cfg.WriteError = tt.writeError
			var seen error // by a middleware of the server
			e := echo.New()
			e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
				return func(c *echo.Context) error { seen = next(c); return seen }
			}, echoapi.Middleware(cfg, adaptertest.Bearer()))
			e.GET("/notes", func(*echo.Context) error { return tt.err }, echoapi.GuardList(adaptertest.Notes()))
			w := send(e, "GET", "/notes", tt.token)
			if body := strings.TrimSpace(w.Body.String()); w.Code != tt.status || body != tt.body {
				t.Errorf("got %d %q, want %d %q", w.Code, body, tt.status, tt.body)
			}
			var known *echo.HTTPError
			var denied *webapi.Error
			switch {
			case tt.err == nil && (w.Header().Get("Cache-Control") != "no-store" || (tt.status == 403) != (w.Header().Get("WWW-Authenticate") != "")):
				t.Errorf("got the header %v", w.Header())
			case tt.err == nil && tt.writeError == nil && (!errors.As(seen, &known) || !errors.As(seen, &denied)):
				t.Errorf("the middleware sees %v", seen)
			case tt.err != nil && !errors.As(tt.err, &denied) && seen != tt.err:
				t.Errorf("the middleware sees %v, want %v", seen, tt.err)
			}
		})
	}
}

// TestCommitted has a handler that fails after it has begun to respond.
func TestCommitted(t *testing.T) {
	cfg := adaptertest.Config()
	cfg.WriteError = webapi.WriteError
	e := echo.New()
	e.Use(echoapi.Middleware(cfg, adaptertest.Bearer()))
	e.GET("/notes", func(c *echo.Context) error {
		_ = c.String(http.StatusOK, "a part")
		return webapi.ErrPermissionDenied
	}, echoapi.GuardList(adaptertest.Notes()))
	if w := send(e, "GET", "/notes", "reader"); w.Code != 200 || w.Body.String() != "a part" {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
}
