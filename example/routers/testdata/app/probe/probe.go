// Package probe has what the route tables share: resources, guards of a server's own,
// and a trace of what a request passes.
package probe

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v5"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Trace has the guards that were asked for the request, and then the handler.
var Trace []string

// Hit records that a handler runs.
func Hit(handler string) { Trace = append(Trace, handler) }

// Note is a resource.
//
//webapi:resource name=Note
type Note struct{}

// Tag is a resource.
//
//webapi:resource name=Tag
type Tag struct{}

// User is a resource.
//
//webapi:resource name=User
type User struct{}

// The resources as a server holds them.
var (
	Notes                 = &Note{}
	Tags                  = new(Tag)
	Any   webapi.Resource = new(User)
	ByKey                 = map[string]webapi.Resource{"notes": Notes, "tags": Tags}
)

// NewUser returns a resource.
func NewUser() *User { return new(User) }

// Set has resources in fields.
type Set struct {
	Note *Note
	Res  webapi.Resource
}

// NewSet returns a Set.
func NewSet() *Set { return &Set{Note: Notes, Res: NewUser()} }

// HTTP is middleware.
func (s *Set) HTTP(next http.Handler) http.Handler { return webapi.Guard(s.Res)(next) }

// Guard calls CallMethodView.
func Guard(res webapi.Resource) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := res.CallMethodView(w, r, r.Method, webapi.ViewOf(next)); err != nil {
				webapi.WriteError(w, r, err)
			}
		})
	}
}

// Asking calls Decide.
func Asking(res webapi.Resource) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			err := webapi.Decide(r.Context(), res, r.Method, "")
			if err != nil {
				webapi.WriteError(w, r, err)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Log asks no guard.
func Log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Logged", "yes")
		next.ServeHTTP(w, r)
	})
}

// Chain returns middleware, of which the first is outermost.
func Chain(list ...func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		for i := len(list) - 1; i >= 0; i-- {
			next = list[i](next)
		}
		return next
	}
}

// Mount registers a handler.
func Mount(mux *http.ServeMux, pattern string, h http.Handler) { mux.Handle(pattern, h) }

// Router is what this package needs of a router.
type Router interface {
	Handle(pattern string, h http.Handler)
}

// MountIn registers a handler.
func MountIn(r Router, pattern string, h http.Handler) { r.Handle(pattern, h) }

// Gin calls Decide.
func Gin(res webapi.Resource) gin.HandlerFunc {
	return func(c *gin.Context) {
		if webapi.Decide(c.Request.Context(), res, c.Request.Method, c.Param("id")) != nil {
			c.AbortWithStatus(http.StatusForbidden)
			return
		}
		c.Next()
	}
}

// GinLog asks no guard.
func GinLog(c *gin.Context) {
	c.Header("X-Logged", "yes")
	c.Next()
}

// MountGin registers handlers.
func MountGin(r gin.IRoutes, method, path string, list ...gin.HandlerFunc) {
	r.Handle(method, path, list...)
}

// Echo calls Decide.
func Echo(res webapi.Resource) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			if err := webapi.Decide(c.Request().Context(), res, c.Request().Method, ""); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// EchoLog asks no guard.
func EchoLog(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		c.Response().Header().Set("X-Logged", "yes")
		return next(c)
	}
}

// MountEcho registers a handler.
func MountEcho(e *echo.Group, path string, h echo.HandlerFunc, list ...echo.MiddlewareFunc) {
	e.GET(path, h, list...)
}
