// Package gin registers routes with gin.
package gin

import (
	"example.com/notes"
	"github.com/gin-gonic/gin"
)

func routes(n *notes.NoteResource) *gin.Engine {
	e := gin.New()
	e.GET("/a", logged, gin.WrapF(n.Raw))            // want `goes to NoteResource.Raw past`
	e.GET("/b", gin.WrapF(n.Raw), logged)            // want `goes to NoteResource.Raw past`
	e.Handle("GET", "/c", gin.WrapH(n.RawHandler())) // want `goes to NoteResource.RawHandler past`
	e.Any("/d", func(c *gin.Context) {
		_ = n.Get(c.Writer, c.Request) // want `goes to NoteResource.Get past`
	})
	e.NoRoute(gin.WrapF(n.Raw)) // want `goes to NoteResource.Raw past`
	v1 := e.Group("/v1")
	v1.POST("/e", gin.WrapF(n.Raw))                   // want `goes to NoteResource.Raw past`
	v1.Match([]string{"GET"}, "/f", gin.WrapF(n.Raw)) // want `goes to NoteResource.Raw past`
	v1.Any("/g", logged, handler(n.Handler().ServeHTTP), gin.WrapH(n.Handler()))
	all(v1, "/h", logged, gin.WrapF(n.Raw)) // want `goes to NoteResource.Raw past`
	return e
}

func all(g *gin.RouterGroup, path string, handlers ...gin.HandlerFunc) {
	g.GET(path, handlers...)
}

func logged(*gin.Context) {}

func handler(any) gin.HandlerFunc { return logged }
