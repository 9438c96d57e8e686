package api

import (
	"net/http"
	"slices"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// ReviewRequestResource is a request for the review of a change.
//
//webapi:resource key=review_request methods=GET,POST,PATCH,DELETE
//webapi:describe read See review requests and what they ask for
//webapi:describe write Ask for reviews, and change what you asked for
//webapi:describe destroy Remove your review requests, with their reviews
type ReviewRequestResource struct{ store *store.Store }

func (x *ReviewRequestResource) list(w http.ResponseWriter, r *http.Request) error {
	if _, err := x.store.Repository(r.Context(), r.PathValue("repository")); err != nil {
		return told(err)
	}
	all, err := x.store.ReviewRequests(r.Context(), r.PathValue("repository"))
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, "review_requests", all)
}

func (x *ReviewRequestResource) get(w http.ResponseWriter, r *http.Request) error {
	one, err := x.find(r)
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, "review_request", one)
}

func (x *ReviewRequestResource) create(w http.ResponseWriter, r *http.Request) error {
	var asked struct{ Summary string }
	if err := read(w, r, &asked); err != nil {
		return err
	}
	if asked.Summary == "" {
		return invalid("summary: missing")
	}
	one, err := x.store.AddReviewRequest(r.Context(), r.PathValue("repository"),
		store.ReviewRequest{Summary: asked.Summary, Status: "pending", Author: subject(r)})
	if err != nil {
		return told(err)
	}
	return respond(w, http.StatusCreated, "review_request", one)
}

func (x *ReviewRequestResource) update(w http.ResponseWriter, r *http.Request) error {
	one, err := x.find(r)
	if err != nil {
		return err
	}
	if err := mayChange(r, one.Author); err != nil {
		return err
	}
	change := struct{ Summary, Status string }{one.Summary, one.Status}
	if err := read(w, r, &change); err != nil {
		return err
	}
	if !slices.Contains([]string{"pending", "submitted", "discarded"}, change.Status) {
		return invalid("status: want pending, submitted or discarded")
	}
	one.Summary, one.Status = change.Summary, change.Status
	if err := x.store.UpdateReviewRequest(r.Context(), r.PathValue("repository"), one); err != nil {
		return told(err)
	}
	return respond(w, http.StatusOK, "review_request", one)
}

func (x *ReviewRequestResource) remove(w http.ResponseWriter, r *http.Request) error {
	one, err := x.find(r)
	if err != nil {
		return err
	}
	if err := mayChange(r, one.Author); err != nil {
		return err
	}
	if err := x.store.RemoveReviewRequest(r.Context(), r.PathValue("repository"), one.Number); err != nil {
		return told(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (x *ReviewRequestResource) find(r *http.Request) (store.ReviewRequest, error) {
	number, err := number(r, "review_request")
	if err != nil {
		return store.ReviewRequest{}, err
	}
	one, err := x.store.ReviewRequest(r.Context(), r.PathValue("repository"), number)
	return one, told(err)
}
