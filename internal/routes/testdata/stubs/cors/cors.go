// Package cors has the declarations of github.com/rs/cors, and some like those of others.
package cors

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

type Cors struct{}

func Default() *Cors

func AllowAll() *Cors

func (c *Cors) Handler(h http.Handler) http.Handler

// ForGin makes middleware.
func ForGin() gin.HandlerFunc

// Metrics is no middleware.
func Metrics() http.Handler

// NewHandler makes a handler that asks a function about each request.
func NewHandler(user func(*http.Request) string) http.Handler

// Checked makes middleware, and says what is wrong with its options.
func Checked(options ...string) (func(http.Handler) http.Handler, error)
