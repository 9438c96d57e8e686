package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Repository is a repository whose changes are reviewed.
type Repository struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Owner       string `json:"owner"` // who added it
}

// ReviewRequest asks for the review of a change.
type ReviewRequest struct {
	Number  int64  `json:"id"`
	Summary string `json:"summary"`
	Status  string `json:"status"` // pending, submitted, discarded
	Author  string `json:"author"`
}

// Review is what a reviewer says of a review request.
type Review struct {
	Number int64  `json:"id"`
	Author string `json:"author"`
	Body   string `json:"body"`
	ShipIt bool   `json:"ship_it"`
}

// Repositories returns all repositories by name.
func (s *Store) Repositories(ctx context.Context) ([]Repository, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT name, description, owner FROM repositories ORDER BY name`)
	return collect(rows, err, (*Repository).fields)
}

func (r *Repository) fields() []any { return []any{&r.Name, &r.Description, &r.Owner} }

// Repository returns the repository of that name.
func (s *Store) Repository(ctx context.Context, name string) (Repository, error) {
	var r Repository
	err := s.db.QueryRowContext(ctx, `SELECT name, description, owner FROM repositories WHERE name = $1`, name).
		Scan(r.fields()...)
	return r, found(err)
}

// AddRepository adds a repository; ErrExists if there is one of that name.
func (s *Store) AddRepository(ctx context.Context, r Repository) error {
	n, err := s.exec(ctx, `INSERT INTO repositories (name, description, owner) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		r.Name, r.Description, r.Owner)
	return need(n, err, ErrExists)
}

// UpdateRepository changes the description of a repository.
func (s *Store) UpdateRepository(ctx context.Context, r Repository) error {
	n, err := s.exec(ctx, `UPDATE repositories SET description = $1 WHERE name = $2`, r.Description, r.Name)
	return need(n, err, ErrNotFound)
}

// RemoveRepository removes a repository with all that is in it.
func (s *Store) RemoveRepository(ctx context.Context, name string) error {
	n, err := s.exec(ctx, `DELETE FROM repositories WHERE name = $1`, name)
	return need(n, err, ErrNotFound)
}

// ReviewRequests returns the review requests of a repository by number.
func (s *Store) ReviewRequests(ctx context.Context, repository string) ([]ReviewRequest, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT number, summary, status, author FROM review_requests
		WHERE repository = $1 ORDER BY number`, repository)
	return collect(rows, err, (*ReviewRequest).fields)
}

func (r *ReviewRequest) fields() []any { return []any{&r.Number, &r.Summary, &r.Status, &r.Author} }

// ReviewRequest returns one review request.
func (s *Store) ReviewRequest(ctx context.Context, repository string, number int64) (ReviewRequest, error) {
	var r ReviewRequest
	err := s.db.QueryRowContext(ctx, `SELECT number, summary, status, author FROM review_requests
		WHERE repository = $1 AND number = $2`, repository, number).Scan(r.fields()...)
	return r, found(err)
}

// AddReviewRequest adds a review request and returns it with its number.
func (s *Store) AddReviewRequest(ctx context.Context, repository string, r ReviewRequest) (ReviewRequest, error) {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := lock(ctx, tx, `UPDATE repositories SET name = name WHERE name = $1`, repository); err != nil {
			return err
		}
		var err error
		if r.Number, err = next(ctx, tx, "review_request "+repository); err != nil {
			return err
		}
		_, err = execIn(ctx, tx, `INSERT INTO review_requests (repository, number, summary, status, author)
			VALUES ($1, $2, $3, $4, $5)`, repository, r.Number, r.Summary, r.Status, r.Author)
		return err
	})
	return r, err
}

// UpdateReviewRequest changes summary and status.
func (s *Store) UpdateReviewRequest(ctx context.Context, repository string, r ReviewRequest) error {
	n, err := s.exec(ctx, `UPDATE review_requests SET summary = $1, status = $2 WHERE repository = $3 AND number = $4`,
		r.Summary, r.Status, repository, r.Number)
	return need(n, err, ErrNotFound)
}

// RemoveReviewRequest removes a review request with its reviews.
func (s *Store) RemoveReviewRequest(ctx context.Context, repository string, number int64) error {
	n, err := s.exec(ctx, `DELETE FROM review_requests WHERE repository = $1 AND number = $2`, repository, number)
	return need(n, err, ErrNotFound)
}

// Reviews returns the reviews of a review request by number.
func (s *Store) Reviews(ctx context.Context, repository string, reviewRequest int64) ([]Review, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT number, author, body, ship_it FROM reviews
		WHERE repository = $1 AND review_request = $2 ORDER BY number`, repository, reviewRequest)
	return collect(rows, err, (*Review).fields)
}

func (r *Review) fields() []any { return []any{&r.Number, &r.Author, &r.Body, &r.ShipIt} }

// Review returns one review.
func (s *Store) Review(ctx context.Context, repository string, reviewRequest, number int64) (Review, error) {
	var r Review
	err := s.db.QueryRowContext(ctx, `SELECT number, author, body, ship_it FROM reviews
		WHERE repository = $1 AND review_request = $2 AND number = $3`, repository, reviewRequest, number).Scan(r.fields()...)
	return r, found(err)
}

// AddReview adds a review and returns it with its number.
func (s *Store) AddReview(ctx context.Context, repository string, reviewRequest int64, r Review) (Review, error) {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		err := lock(ctx, tx, `UPDATE review_requests SET number = number WHERE repository = $1 AND number = $2`, repository, reviewRequest)
		if err != nil {
			return err
		}
		if r.Number, err = next(ctx, tx, fmt.Sprintf("review %s %d", repository, reviewRequest)); err != nil {
			return err
		}
		_, err = execIn(ctx, tx, `INSERT INTO reviews (repository, review_request, number, author, body, ship_it)
			VALUES ($1, $2, $3, $4, $5, $6)`, repository, reviewRequest, r.Number, r.Author, r.Body, r.ShipIt)
		return err
	})
	return r, err
}

// RemoveReview removes a review.
func (s *Store) RemoveReview(ctx context.Context, repository string, reviewRequest, number int64) error {
	n, err := s.exec(ctx, `DELETE FROM reviews WHERE repository = $1 AND review_request = $2 AND number = $3`,
		repository, reviewRequest, number)
	return need(n, err, ErrNotFound)
}

// lock makes sure that the parent of a new row is there and stays.
func lock(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	n, err := execIn(ctx, tx, query, args...)
	return need(n, err, ErrNotFound)
}

// next returns the next number of a sequence, from 1.
func next(ctx context.Context, tx *sql.Tx, name string) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO counters (name, value) VALUES ($1, 1)
		ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value`, name).Scan(&n)
	return n, found(err)
}
