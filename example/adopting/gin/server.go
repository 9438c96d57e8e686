// Package gin is a server with gin and one struct for everything.
package gin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	ginapi "github.com/webapi-gen/webapi-gen/adapters/gin"
	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

//go:generate go tool webapi-gen

// noteGuard guards /notes and /notes/:id.
//
//webapi:resource name=note methods=GET,POST,DELETE key=id
type noteGuard struct{}

type server struct{ notes *store.Notes }

// New returns the server. Verifier verifies access tokens.
func New(verifier webapi.Verifier) http.Handler {
	s := &server{store.New()}
	note := new(noteGuard)
	cfg := &webapi.Config{Realm: "notes"}
	r := gin.New()
	r.Use(ginapi.Middleware(cfg, webapi.Bearer(verifier)))
	r.GET("/healthz", health)
	r.GET("/notes", ginapi.GuardList(note), s.listNotes)
	r.POST("/notes", ginapi.GuardList(note), s.addNote)
	r.GET("/notes/:id", ginapi.Guard(note), s.getNote)
	r.DELETE("/notes/:id", ginapi.Guard(note), s.removeNote)
	return r
}

//webapi:public reason="the load balancer has no token"
func health(c *gin.Context) { c.String(http.StatusOK, "ok") }

func (s *server) listNotes(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"notes": s.notes.List()}) }

func (s *server) addNote(c *gin.Context) {
	c.JSON(http.StatusCreated, gin.H{"id": s.notes.Add(c.Query("text"))})
}

func (s *server) getNote(c *gin.Context) {
	note, err := s.notes.Get(c.Param("id"))
	if err != nil {
		c.AbortWithStatusJSON(http.StatusNotFound, gin.H{"error": "no such note"})
		return
	}
	c.JSON(http.StatusOK, gin.H{"text": note})
}

func (s *server) removeNote(c *gin.Context) {
	if err := s.notes.Remove(c.Param("id")); err != nil {
		c.AbortWithStatusJSON(http.StatusNotFound, gin.H{"error": "no such note"})
		return
	}
	c.Status(http.StatusNoContent)
}
