package api

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// UserResource is somebody who has an account.
//
//webapi:resource key=username methods=GET
//webapi:describe read See who has an account
type UserResource struct{ store *store.Store }

func (x *UserResource) list(w http.ResponseWriter, r *http.Request) error {
	all, err := x.store.Users(r.Context())
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, "users", all)
}

func (x *UserResource) get(w http.ResponseWriter, r *http.Request) error {
	user, err := x.store.User(r.Context(), r.PathValue("username"))
	if err != nil {
		return told(err)
	}
	return respond(w, http.StatusOK, "user", user)
}
