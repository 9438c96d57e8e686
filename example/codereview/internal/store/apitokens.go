package store

import "context"

// APIToken is what is known of an API token: whose it is, and what it may do.
type APIToken struct {
	Username string
	Policy   string // JSON
}

// SaveAPIToken keeps what secret stands for.
func (s *Store) SaveAPIToken(ctx context.Context, secret string, t APIToken) error {
	_, err := s.exec(ctx, `INSERT INTO api_tokens (hash, username, policy) VALUES ($1, $2, $3)`,
		hash(secret), t.Username, t.Policy)
	return err
}

// APIToken returns what secret stands for.
func (s *Store) APIToken(ctx context.Context, secret string) (APIToken, error) {
	var t APIToken
	err := s.db.QueryRowContext(ctx, `SELECT username, policy FROM api_tokens WHERE hash = $1`, hash(secret)).
		Scan(&t.Username, &t.Policy)
	return t, found(err)
}
