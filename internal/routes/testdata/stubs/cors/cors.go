// Package cors has the declarations of github.com/rs/cors.
package cors

import "net/http"

type Cors struct{}

func Default() *Cors

func (c *Cors) Handler(h http.Handler) http.Handler
