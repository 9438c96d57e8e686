package gin

import (
	"net/http"
	"os"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/requests"
	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode) // else gin prints every route
	os.Exit(m.Run())
}

// before is New without guards.
func before() http.Handler {
	s := &server{store.New()}
	r := gin.New()
	r.GET("/healthz", health)
	r.GET("/notes", s.listNotes)
	r.POST("/notes", s.addNote)
	r.GET("/notes/:id", s.getNote)
	r.DELETE("/notes/:id", s.removeNote)
	return r
}

func TestRequests(t *testing.T) { requests.Send(t, before, New) }
