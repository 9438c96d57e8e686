package api

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// Register adds the API's routes to mux. metadata is the URL of the protected
// resource's metadata (RFC 9728).
func Register(mux *http.ServeMux, s *store.Store, log *AuditLog, metadata string) {
	repositories := &RepositoryResource{store: s}
	mux.Handle("/api/repositories", webapi.HandleList(repositories,
		webapi.Views{"GET": repositories.list, "POST": repositories.create}))
	mux.Handle("/api/repositories/{repository}", webapi.Handle(repositories,
		webapi.Views{"GET": repositories.get, "PUT": repositories.update, "DELETE": repositories.remove}))

	requests := &ReviewRequestResource{store: s}
	const requestList = "/api/repositories/{repository}/review-requests"
	mux.Handle(requestList, webapi.HandleList(requests,
		webapi.Views{"GET": requests.list, "POST": requests.create}))
	mux.Handle(requestList+"/{review_request}", webapi.Handle(requests,
		webapi.Views{"GET": requests.get, "PATCH": requests.update, "DELETE": requests.remove}))

	reviews := &ReviewResource{store: s}
	const reviewList = requestList + "/{review_request}/reviews"
	mux.Handle(reviewList, webapi.HandleList(reviews,
		webapi.Views{"GET": reviews.list, "POST": reviews.create}))
	mux.Handle(reviewList+"/{review}", webapi.Handle(reviews,
		webapi.Views{"GET": reviews.get, "DELETE": reviews.remove}))

	users := &UserResource{store: s}
	mux.Handle("/api/users", webapi.HandleList(users, webapi.Views{"GET": users.list}))
	mux.Handle("/api/users/{username}", webapi.Handle(users, webapi.Views{"GET": users.get}))

	audit := &AuditResource{store: s, log: log}
	mux.Handle("/api/audit", webapi.HandleList(audit, webapi.Views{"GET": audit.list}))

	mux.HandleFunc("GET /api/info", info(metadata))
	mux.HandleFunc("/api/", unknown)
}

// unknown answers where the API has nothing.
//
//webapi:public reason="there is nothing to guard"
func unknown(w http.ResponseWriter, r *http.Request) {
	webapi.WriteError(w, r, told(store.ErrNotFound))
}
