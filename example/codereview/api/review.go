package api

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// ReviewResource is what a reviewer says of a review request.
//
// Who reviews has to see what is reviewed: a client that may write reviews and
// not read review requests would be one that makes them up.
//
//webapi:resource key=review
//webapi:describe read See reviews
//webapi:describe write Publish reviews in your name
//webapi:describe destroy Take back your reviews
//webapi:require POST review:write review_request:read
type ReviewResource struct{ store *store.Store }

func (x *ReviewResource) list(w http.ResponseWriter, r *http.Request) error {
	request, err := number(r, "review_request")
	if err != nil {
		return err
	}
	if _, err := x.store.ReviewRequest(r.Context(), r.PathValue("repository"), request); err != nil {
		return told(err)
	}
	all, err := x.store.Reviews(r.Context(), r.PathValue("repository"), request)
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, "reviews", all)
}

func (x *ReviewResource) get(w http.ResponseWriter, r *http.Request) error {
	_, review, err := x.find(r)
	if err != nil {
		return err
	}
	return respond(w, http.StatusOK, "review", review)
}

func (x *ReviewResource) create(w http.ResponseWriter, r *http.Request) error {
	request, err := number(r, "review_request")
	if err != nil {
		return err
	}
	var said struct {
		Body   string
		ShipIt bool `json:"ship_it"`
	}
	if err := read(w, r, &said); err != nil {
		return err
	}
	review, err := x.store.AddReview(r.Context(), r.PathValue("repository"), request,
		store.Review{Author: subject(r), Body: said.Body, ShipIt: said.ShipIt})
	if err != nil {
		return told(err)
	}
	return respond(w, http.StatusCreated, "review", review)
}

func (x *ReviewResource) remove(w http.ResponseWriter, r *http.Request) error {
	request, review, err := x.find(r)
	if err != nil {
		return err
	}
	if err := mayChange(r, review.Author); err != nil {
		return err
	}
	if err := x.store.RemoveReview(r.Context(), r.PathValue("repository"), request, review.Number); err != nil {
		return told(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (x *ReviewResource) find(r *http.Request) (request int64, review store.Review, err error) {
	request, err = number(r, "review_request")
	if err != nil {
		return 0, review, err
	}
	n, err := number(r, "review")
	if err != nil {
		return 0, review, err
	}
	review, err = x.store.Review(r.Context(), r.PathValue("repository"), request, n)
	return request, review, told(err)
}
