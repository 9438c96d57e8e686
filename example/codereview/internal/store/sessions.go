package store

import (
	"context"
	"errors"
	"time"
)

// Sessions is the store as alexedwards/scs wants one (scs.CtxStore). The
// session manager hashes the tokens itself, as its HashTokenInStore is set.
type Sessions struct{ *Store }

// FindCtx returns the data of a session.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := found(s.db.QueryRowContext(ctx, `SELECT data FROM sessions WHERE token_hash = $1 AND expires > $2`,
		token, s.now().Unix()).Scan(&data))
	if errors.Is(err, ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx saves the data of a session.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.exec(ctx, `INSERT INTO sessions (token_hash, data, expires) VALUES ($1, $2, $3)
		ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires = excluded.expires`,
		token, data, expiry.Unix())
	return err
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, token)
	return err
}

// Find is FindCtx without a context, and so are Commit and Delete.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit saves the data of a session.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete ends a session.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
