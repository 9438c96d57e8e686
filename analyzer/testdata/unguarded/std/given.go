package std

import (
	"net/http"

	"example.com/notes"
	"example.com/wrongguard/helper"
	"github.com/go-chi/chi/v5"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func given(mux *http.ServeMux, r chi.Router, n *notes.NoteResource) {
	helper.Mount(mux, "DELETE /notes/{id}", n.Raw) // want `goes to NoteResource.Raw past`
	helper.Routes(r, n)                            // want `goes to NoteResource.Raw past`
	helper.Routes(r.With(webapi.Guard(n)), n)
}
