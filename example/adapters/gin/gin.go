// Package gin serves guarded resources with github.com/gin-gonic/gin.
//
// Gin keeps the path values to itself. Without [Handler], which hands them on,
// nobody knows which note a request is for, and the guard denies API tokens.
package gin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
)

// New returns the server. The guard's middleware stands in front of the engine,
// since gin has no place for one of net/http inside.
func New(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
	notes := new(notes.NoteResource)
	engine := gin.New()
	engine.Any("/notes", Handler(notes.List()))
	engine.Any("/notes/:id", Handler(notes.Object()))
	return cfg.Middleware(authenticators...)(engine)
}

// Handler is [gin.WrapH] with the path values of the route set on the request.
func Handler(h http.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		for _, p := range c.Params {
			c.Request.SetPathValue(p.Key, p.Value)
		}
		h.ServeHTTP(c.Writer, c.Request)
	}
}
