// Package ginapi guards the routes of a github.com/gin-gonic/gin server with
// resources of webapi-gen. Handlers stay as they are:
//
//	r := gin.New()
//	r.Use(ginapi.Middleware(cfg, bearer))
//	r.GET("/notes", ginapi.GuardList(notes), listNotes)
//	r.DELETE("/notes/:id", ginapi.Guard(notes), removeNote)
//	r.POST("/notes/:id/archive", ginapi.GuardOperation(notes, NotePostArchive), archiveNote)
//	g := r.Group("/notes/:id/files", ginapi.Guard(notes))
//
// The methods of a guarded route are those that its handler has: use a line for
// each, or Match. Any registers OPTIONS as well, and panics beside
// OPTIONS("/*path").
//
// The policy of an API token is asked about the path value that c.Param returns. If
// a handler might take the value for another one, the object is unknown and API
// tokens are denied: the value contains "%" or "/", as that of a catch-all
// parameter does, or a blank that may have been "+" in the path.
package ginapi

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Middleware is [webapi.Config.Middleware] for gin. It also sets the path values of
// c.Request, for handlers of net/http behind [gin.WrapH].
//
// [webapi.WriteError] responds to denied requests, in the form of Config.WriteError
// if it is set. See [AddErrors] for servers that use c.Errors.
func Middleware(cfg *webapi.Config, authenticators ...webapi.Authenticator) gin.HandlerFunc {
	authenticate := cfg.AuthenticateRequest(authenticators...)
	return func(c *gin.Context) {
		done := false
		defer abortUnless(&done, c)
		r, err := authenticate(c.Request)
		c.Request = r
		if err != nil {
			deny(c, err)
			return
		}
		setPathValues(c)
		done = true
	}
}

// Guard is [webapi.Guard] for gin: middleware for a route, a group or an engine. The
// handlers after it get the request that res.CallMethodView passes to its view.
// They write to c.Writer.
func Guard(res webapi.Resource) gin.HandlerFunc { return guard(res, webapi.CallObjectMethodView) }

// GuardList is [webapi.GuardList] for gin: [Guard] for the route of a collection.
func GuardList(res webapi.Resource) gin.HandlerFunc { return guard(res, webapi.CallListMethodView) }

// GuardOperation is [webapi.GuardOperation] for gin: [Guard] for the route of a named
// operation, which must have the method of the operation. Any other method is denied.
func GuardOperation(res webapi.Resource, operation webapi.Operation) gin.HandlerFunc {
	return guard(res, func(res webapi.Resource, w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error {
		return webapi.CallOperationView(res, w, r, operation, view)
	})
}

type callFunc = func(webapi.Resource, http.ResponseWriter, *http.Request, string, webapi.View) error

func guard(res webapi.Resource, call callFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		called := false
		defer abortUnless(&called, c)
		setPathValues(c)
		err := call(res, c.Writer, c.Request, c.Request.Method, func(_ http.ResponseWriter, r *http.Request) error {
			called = true
			c.Request = r
			c.Next()
			return nil
		})
		if err != nil {
			deny(c, err)
		}
	}
}

// abortUnless prevents that gin calls the next handler. It does so after a panic as
// well, since a [gin.RecoveryFunc] need not abort.
func abortUnless(ok *bool, c *gin.Context) {
	if !*ok {
		c.Abort()
	}
}

const addErrors = "github.com/webapi-gen/webapi-gen/adapters/gin.AddErrors"

// AddErrors is middleware for a server that has middleware which responds to the
// errors in c.Errors. A denied request then gets its status and header fields, and
// the error is added to c.Errors, but there is no body yet:
//
//	r.Use(handleErrors, ginapi.AddErrors, ginapi.Middleware(cfg, bearer))
//
// Config.WriteError has no effect on these errors.
func AddErrors(c *gin.Context) { c.Set(addErrors, true) }

func deny(c *gin.Context, err error) {
	if c.GetBool(addErrors) {
		c.Status(webapi.PrepareError(c.Writer, c.Request, err).Status)
		_ = c.Error(err) // which returns what it has added
		return
	}
	webapi.WriteError(c.Writer, c.Request, err)
}

// setPathValues sets the path values of c.Request. See the package's documentation.
func setPathValues(c *gin.Context) {
	for _, p := range c.Params {
		value := c.Param(p.Key) // if a name repeats, the first counts
		if strings.ContainsAny(value, "%/") || strings.Contains(value, " ") && strings.Contains(c.Request.URL.EscapedPath(), "+") {
			value = ""
		}
		webapi.SetPathValue(c.Request, p.Key, value)
	}
}
