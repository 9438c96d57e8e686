package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// AccessToken is what is known of an access token.
type AccessToken struct {
	Grant
	Issued, Expires time.Time
}

// SaveAccessToken keeps what secret stands for.
func (s *Store) SaveAccessToken(ctx context.Context, secret string, t AccessToken) error {
	return s.saveAccessToken(ctx, s.writes, secret, t)
}

func (s *Store) saveAccessToken(ctx context.Context, in runner, secret string, t AccessToken) error {
	_, err := execIn(ctx, in, `INSERT INTO access_tokens (hash, grant_id, client_id, subject, scopes, issued, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		hash(secret), t.ID, t.ClientID, t.Subject, t.Scopes, t.Issued.Unix(), t.Expires.Unix())
	return err
}

// AccessToken returns what secret stands for, unless it was revoked or has
// expired.
func (s *Store) AccessToken(ctx context.Context, secret string) (AccessToken, error) {
	return s.AccessTokenByKey(ctx, Key(secret))
}

// AccessTokenByKey is [Store.AccessToken] for the [Key] of the secret.
func (s *Store) AccessTokenByKey(ctx context.Context, key string) (AccessToken, error) {
	var t AccessToken
	var issued, expires int64
	err := s.db.QueryRowContext(ctx, `SELECT grant_id, client_id, subject, scopes, issued, expires
		FROM access_tokens WHERE hash = $1 AND expires > $2`, key, s.now().Unix()).
		Scan(&t.ID, &t.ClientID, &t.Subject, &t.Scopes, &issued, &expires)
	t.Issued, t.Expires = time.Unix(issued, 0), time.Unix(expires, 0)
	return t, found(err)
}

// SaveRefreshToken keeps what secret stands for.
func (s *Store) SaveRefreshToken(ctx context.Context, secret string, g Grant, expires time.Time) error {
	return s.saveRefreshToken(ctx, s.writes, secret, g, expires)
}

func (s *Store) saveRefreshToken(ctx context.Context, in runner, secret string, g Grant, expires time.Time) error {
	_, err := execIn(ctx, in, `INSERT INTO refresh_tokens (hash, grant_id, client_id, subject, scopes, spent, expires)
		VALUES ($1, $2, $3, $4, $5, FALSE, $6)`,
		hash(secret), g.ID, g.ClientID, g.Subject, g.Scopes, expires.Unix())
	return err
}

// RefreshToken returns the grant of a refresh token, also of one that was
// exchanged before, which [Store.Rotate] tells apart.
func (s *Store) RefreshToken(ctx context.Context, secret string) (Grant, error) {
	var g Grant
	err := s.db.QueryRowContext(ctx, `SELECT grant_id, client_id, subject, scopes
		FROM refresh_tokens WHERE hash = $1 AND expires > $2`, hash(secret), s.now().Unix()).
		Scan(&g.ID, &g.ClientID, &g.Subject, &g.Scopes)
	return g, found(err)
}

// Rotation is what a refresh token is exchanged for.
type Rotation struct {
	Access         string
	Token          AccessToken // of Access
	Refresh        string
	Grant          Grant // of Refresh; the scopes of Token may be fewer
	RefreshExpires time.Time
}

// Rotate spends a refresh token and saves what it is exchanged for, or returns
// ErrNotFound if it was spent before, be it a moment ago. The access tokens of the grant
// that were there before go with it.
func (s *Store) Rotate(ctx context.Context, refresh string, r Rotation) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		n, err := execIn(ctx, tx, `UPDATE refresh_tokens SET spent = TRUE WHERE hash = $1 AND NOT spent`, hash(refresh))
		if err := need(n, err, ErrNotFound); err != nil {
			return err
		}
		if _, err := execIn(ctx, tx, `DELETE FROM access_tokens WHERE grant_id = $1`, r.Grant.ID); err != nil {
			return err
		}
		if err := s.saveAccessToken(ctx, tx, r.Access, r.Token); err != nil {
			return err
		}
		return s.saveRefreshToken(ctx, tx, r.Refresh, r.Grant, r.RefreshExpires)
	})
}

// RevokeGrant revokes all tokens of a grant.
func (s *Store) RevokeGrant(ctx context.Context, grantID string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return s.revokeGrant(ctx, tx, grantID) })
}

func (s *Store) revokeGrant(ctx context.Context, in runner, grantID string) error {
	_, err1 := execIn(ctx, in, `DELETE FROM access_tokens WHERE grant_id = $1`, grantID)
	_, err2 := execIn(ctx, in, `DELETE FROM refresh_tokens WHERE grant_id = $1`, grantID)
	return errors.Join(err1, err2)
}

// RevokeToken revokes an access token, or a refresh token with all tokens of
// its grant (RFC 7009, section 2.1). A token that is not the client's, or none,
// is left alone and no error (section 2.2).
func (s *Store) RevokeToken(ctx context.Context, clientID, secret string) error {
	n, err := s.exec(ctx, `DELETE FROM access_tokens WHERE hash = $1 AND client_id = $2`, hash(secret), clientID)
	if err != nil || n > 0 {
		return err
	}
	g, err := s.RefreshToken(ctx, secret)
	if errors.Is(err, ErrNotFound) || err == nil && g.ClientID != clientID {
		return nil
	}
	if err != nil {
		return err
	}
	return s.RevokeGrant(ctx, g.ID)
}

// RevokeKey revokes the access token with that [Key].
func (s *Store) RevokeKey(ctx context.Context, key string) error {
	_, err := s.exec(ctx, `DELETE FROM access_tokens WHERE hash = $1`, key)
	return err
}
