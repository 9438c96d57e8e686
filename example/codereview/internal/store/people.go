package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// User is somebody who can log in.
type User struct {
	Username string `json:"username"`
	Name     string `json:"name"`
	Admin    bool   `json:"admin"`
}

// Client is an OAuth2 client.
type Client struct {
	ID, Name      string
	Public        bool // has no secret (RFC 6749, section 2.1)
	RedirectURIs  []string
	GrantTypes    []string
	Scopes        []string // the most that it can ask for
	MayIntrospect bool     // is a resource server (RFC 7662, section 2.1)

	secretHash string
}

// HasSecret reports whether secret is the client's. It takes the same time for
// any secret.
func (c *Client) HasSecret(secret string) bool {
	return !c.Public && subtle.ConstantTimeCompare([]byte(c.secretHash), []byte(hash(secret))) == 1
}

// Passwords have 15 bytes at least, as nothing else is asked for (NIST SP 800-63B-4,
// section 3.1.1.2), and no more than bcrypt looks at.
const minPassword, maxPassword = 15, 72

// usernames have no colon, which the subject of a client has.
var usernames = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,59}$`)

// SaveUser adds a user or replaces the one of that name. Who is no administrator
// loses the access tokens and login sessions of one.
func (s *Store) SaveUser(ctx context.Context, u User, password string) error {
	if !usernames.MatchString(u.Username) {
		return fmt.Errorf("store: username %q: want 1 to 60 of a-z, 0-9, '.', '-' and '_'", u.Username)
	}
	if len(password) < minPassword || len(password) > maxPassword {
		return fmt.Errorf("store: password of %s: want %d to %d bytes", u.Username, minPassword, maxPassword)
	}
	passwordHash, err := bcrypt.GenerateFromPassword([]byte(password), s.PasswordCost)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `INSERT INTO users (username, name, password_hash, admin) VALUES ($1, $2, $3, $4)
		ON CONFLICT (username) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash, admin = excluded.admin`,
		u.Username, u.Name, string(passwordHash), u.Admin)
	if err == nil && !u.Admin {
		_, err = s.exec(ctx, `DELETE FROM access_tokens WHERE subject = $1 AND ' ' || scopes || ' ' LIKE '% admin %'`, u.Username)
	}
	return err
}

// User returns the user of that name.
func (s *Store) User(ctx context.Context, username string) (User, error) {
	var u User
	err := s.db.QueryRowContext(ctx, `SELECT username, name, admin FROM users WHERE username = $1`, username).
		Scan(&u.Username, &u.Name, &u.Admin)
	return u, found(err)
}

// Users returns all users by name.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT username, name, admin FROM users ORDER BY username`)
	return collect(rows, err, func(u *User) []any { return []any{&u.Username, &u.Name, &u.Admin} })
}

// Login returns the user if the password is right, otherwise ErrNotFound. It
// compares one hash in either case, so that its time does not tell which users
// exist.
func (s *Store) Login(ctx context.Context, username, password string) (User, error) {
	u := User{Username: username}
	passwordHash := fmt.Sprintf("$2a$%02d$%s", s.PasswordCost, strings.Repeat(".", 53)) // of no known password
	err := found(s.db.QueryRowContext(ctx, `SELECT name, password_hash, admin FROM users WHERE username = $1`, username).
		Scan(&u.Name, &passwordHash, &u.Admin))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return User{}, err
	}
	wrong := bcrypt.CompareHashAndPassword([]byte(passwordHash), []byte(password))
	if err != nil || wrong != nil || len(password) > maxPassword {
		return User{}, ErrNotFound
	}
	return u, nil
}

// SaveClient adds a client or replaces the one of that ID. The secret of a
// public client does not count.
func (s *Store) SaveClient(ctx context.Context, c Client, secret string) error {
	secretHash := ""
	if !c.Public {
		if len(secret) < len(rand.Text()) {
			return fmt.Errorf("store: secret of the client %s: want one of NewSecret", c.ID)
		}
		secretHash = hash(secret)
	}
	_, err := s.exec(ctx, `INSERT INTO clients (id, name, secret_hash, redirect_uris, grant_types, scopes, introspects)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, secret_hash = excluded.secret_hash,
			redirect_uris = excluded.redirect_uris, grant_types = excluded.grant_types,
			scopes = excluded.scopes, introspects = excluded.introspects`,
		c.ID, c.Name, secretHash, strings.Join(c.RedirectURIs, " "), strings.Join(c.GrantTypes, " "),
		strings.Join(c.Scopes, " "), c.MayIntrospect)
	return err
}

// Client returns the client of that ID.
func (s *Store) Client(ctx context.Context, id string) (*Client, error) {
	c := &Client{ID: id}
	var redirectURIs, grantTypes, scopes string
	err := s.db.QueryRowContext(ctx, `SELECT name, secret_hash, redirect_uris, grant_types, scopes, introspects
		FROM clients WHERE id = $1`, id).
		Scan(&c.Name, &c.secretHash, &redirectURIs, &grantTypes, &scopes, &c.MayIntrospect)
	if err != nil {
		return nil, found(err)
	}
	c.Public = c.secretHash == ""
	c.RedirectURIs, c.GrantTypes, c.Scopes = strings.Fields(redirectURIs), strings.Fields(grantTypes), strings.Fields(scopes)
	return c, nil
}
