// Package gin serves guarded notes with github.com/gin-gonic/gin.
package gin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	ginapi "github.com/webapi-gen/webapi-gen/adapters/gin"
	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
)

// New returns the server. Its handlers are gin's own, and a guard is a word in the
// line of a route.
func New(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
	notes := new(notes.NoteResource)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.Use(ginapi.Middleware(cfg, authenticators...))
	r.GET("/notes", ginapi.GuardList(notes), list)
	r.HEAD("/notes", ginapi.GuardList(notes), list)
	r.POST("/notes", ginapi.GuardList(notes), create)

	note := r.Group("/notes/:id", ginapi.Guard(notes))
	note.GET("", get)
	note.HEAD("", get)
	note.DELETE("", remove)
	return r
}

func list(c *gin.Context)   { c.String(http.StatusOK, "notes") }
func create(c *gin.Context) { c.Status(http.StatusCreated) }
func get(c *gin.Context)    { c.String(http.StatusOK, "note %s", c.Param("id")) }
func remove(c *gin.Context) { c.Status(http.StatusNoContent) }
