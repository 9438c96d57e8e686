// Package humago has the declarations of the adapter of huma for net/http.
package humago

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

type Mux interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
	ServeHTTP(http.ResponseWriter, *http.Request)
}

func NewAdapter(m Mux, prefix string) huma.Adapter { return nil }

func New(m Mux, config huma.Config) huma.API { return nil }

func NewWithPrefix(m Mux, prefix string, config huma.Config) huma.API { return nil }
