package webapi

import (
	"errors"
	"fmt"
	"net/http"
)

// SessionStore knows the access token that a login session was opened with.
//
// Besides a token and nil, SessionToken returns one of these errors:
//
//   - [ErrNoCredentials]: the request has no session, or its session was opened
//     by other means than a token.
//   - an *[Error] with the code of [ErrNotLoggedIn]: the token of the session
//     has been deleted. The session is logged out by Config.Logout.
//   - any other: the session could not be read now. The server answers 503.
//
// The token is the one that opened the session as it is now, so that its
// revocation and its expiry end what the session may do. An expired token is
// returned as it is: the guard denies it and logs the session out. A
// SessionStore must be safe for concurrent use.
type SessionStore interface {
	SessionToken(r *http.Request) (Token, error)
}

// Session returns the authenticator of login sessions that were opened with a
// token. It sets Token.Session.
//
// A request with an Authorization header is judged by that alone: s is not
// asked. A request that s finds a session for has to pass Config.CrossOrigin.
func Session(s SessionStore) Authenticator { return &session{store: s} }

type session struct{ store SessionStore }

func (a *session) Authenticate(r *http.Request) (Token, error) {
	if len(r.Header.Values("Authorization")) > 0 {
		return Token{}, ErrNoCredentials
	}
	if a.store == nil {
		return Token{}, errors.New("webapi: Session has no store")
	}
	token, err := a.store.SessionToken(r)
	switch {
	case err == nil:
		token.Session = true
		return token, nil
	case errors.Is(err, ErrNotLoggedIn):
		return Token{}, rejectedAs(codeNotLoggedIn, err)
	case errors.Is(err, ErrNoCredentials):
		return Token{}, ErrNoCredentials
	default:
		// Not wrapped: an *Error of the store's is no answer to the client.
		return Token{}, errors.New("webapi: session store: " + fmt.Sprint(err))
	}
}
