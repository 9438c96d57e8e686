package store

import (
	"context"
	"errors"
	"time"
)

// Grant is what somebody allowed a client. Every token that comes of it names
// it, so that all of them can be revoked at once.
type Grant struct {
	ID, ClientID string
	Subject      string // a username, or "client:" and the ID of the client itself
	Scopes       string
}

// Authorization is an authorization request (RFC 6749, section 4.1.1).
type Authorization struct {
	Grant
	RedirectURI string
	State       string
	Challenge   string // of PKCE, by S256
}

// SaveAuthorization keeps a for some time. The browser comes back with id.
func (s *Store) SaveAuthorization(ctx context.Context, id string, a Authorization, keep time.Duration) error {
	_, err := s.exec(ctx, `INSERT INTO authorizations
		(id_hash, grant_id, client_id, redirect_uri, state, challenge, scopes, subject, spent, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', FALSE, $8)`,
		hash(id), a.ID, a.ClientID, a.RedirectURI, a.State, a.Challenge, a.Scopes, s.now().Add(keep).Unix())
	return err
}

const authorizationColumns = `grant_id, client_id, redirect_uri, state, challenge, scopes, subject`

func (a *Authorization) fields() []any {
	return []any{&a.ID, &a.ClientID, &a.RedirectURI, &a.State, &a.Challenge, &a.Scopes, &a.Subject}
}

// Authorization returns a request that nobody has answered yet.
func (s *Store) Authorization(ctx context.Context, id string) (Authorization, error) {
	var a Authorization
	err := s.db.QueryRowContext(ctx, `SELECT `+authorizationColumns+` FROM authorizations
		WHERE id_hash = $1 AND code_hash IS NULL AND NOT spent AND expires > $2`, hash(id), s.now().Unix()).
		Scan(a.fields()...)
	return a, found(err)
}

// Allow answers a request with a code: subject allows these scopes. It returns
// ErrNotFound if the request was answered meanwhile.
func (s *Store) Allow(ctx context.Context, id, subject, scopes, code string, keep time.Duration) error {
	n, err := s.exec(ctx, `UPDATE authorizations SET subject = $1, scopes = $2, code_hash = $3, expires = $4
		WHERE id_hash = $5 AND code_hash IS NULL AND NOT spent AND expires > $6`,
		subject, scopes, hash(code), s.now().Add(keep).Unix(), hash(id), s.now().Unix())
	return need(n, err, ErrNotFound)
}

// Deny answers a request that nobody is to be asked again.
func (s *Store) Deny(ctx context.Context, id string) error {
	n, err := s.exec(ctx, `UPDATE authorizations SET spent = TRUE WHERE id_hash = $1 AND code_hash IS NULL AND NOT spent`, hash(id))
	return need(n, err, ErrNotFound)
}

// SpendCode returns the request of a code. That works once: a code that comes
// again was stolen, and what was granted by it is revoked (RFC 6749, section
// 4.1.2).
func (s *Store) SpendCode(ctx context.Context, code string) (Authorization, error) {
	var a Authorization
	err := found(s.writes.QueryRowContext(ctx, `UPDATE authorizations SET spent = TRUE
		WHERE code_hash = $1 AND NOT spent AND expires > $2 RETURNING `+authorizationColumns, hash(code), s.now().Unix()).
		Scan(a.fields()...))
	if !errors.Is(err, ErrNotFound) {
		return a, err
	}
	var grantID string
	again := found(s.db.QueryRowContext(ctx, `SELECT grant_id FROM authorizations WHERE code_hash = $1 AND spent`, hash(code)).
		Scan(&grantID))
	if again != nil {
		return a, again
	}
	if err := s.RevokeGrant(ctx, grantID); err != nil {
		return a, err // and not ErrNotFound, which nobody would look into
	}
	return a, ErrNotFound
}

// Purge deletes what has expired. It waits an hour, within which a code that is
// used again is still known.
func (s *Store) Purge(ctx context.Context) error {
	var errs []error
	for _, table := range []string{"authorizations", "access_tokens", "refresh_tokens", "sessions"} {
		_, err := s.exec(ctx, `DELETE FROM `+table+` WHERE expires < $1`, s.now().Add(-time.Hour).Unix())
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
