// Package pages has no resource, and a type that registers its own handlers.
package pages

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Pages serves pages.
type Pages struct{}

// Register registers the handlers.
func (p *Pages) Register(r chi.Router) {
	r.Get("/pages", p.show)
	r.Get("/edit", p.edit)
	r.Get("/about", p.About)
	below := chi.NewRouter()
	below.Get("/", p.index)
	r.Mount("/index", below)
}

func (p *Pages) show(http.ResponseWriter, *http.Request) {}

func (p *Pages) edit(http.ResponseWriter, *http.Request) {}

func (p *Pages) index(http.ResponseWriter, *http.Request) {}

// About says what this is.
//
//webapi:public reason="everybody may know"
func (p *Pages) About(http.ResponseWriter, *http.Request) {}

// Static registers handlers in another function.
func Static(r chi.Router) { static(r) }

func static(r chi.Router) { r.Get("/favicon.ico", func(w http.ResponseWriter, r *http.Request) {}) }
