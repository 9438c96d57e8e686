package webapi

import "time"

// TokenKind says which rules a token is judged by. A token of a kind that is
// not declared here is denied.
type TokenKind uint8

// The kinds of token.
const (
	OAuth2   TokenKind = iota // an OAuth2 access token, judged by its scopes
	APIToken                  // a token that a user made, judged by its policy
)

// Token is what the server knows of a request's access token after an
// [Authenticator] has verified it. It does not hold the token's secret. The
// zero value has expired and is denied.
type Token struct {
	// Kind says which rules the token is judged by.
	Kind TokenKind
	// Scopes are what an OAuth2 token was granted. They do not apply to an API token.
	Scopes Scopes
	// Expires is the first moment at which the token is no longer valid, by the
	// wall clock. The zero time has passed, unless NoExpiry is set.
	Expires time.Time
	// NoExpiry says that a zero Expires means never. A token that has a time
	// in Expires expires then, whatever NoExpiry says.
	NoExpiry bool
	// Session says that a login session carried the token. When the token is
	// no longer good, the session is logged out.
	Session bool
	// Subject and ClientID name the user and the OAuth2 client (sub and
	// client_id of RFC 9068 and RFC 7662). They do not take part in the decision.
	Subject, ClientID string
	// Policy is what an API token may do. It does not apply to an OAuth2 token.
	Policy Policy
}

// expired reports whether the token is past its time. A token that expires
// exactly now has expired.
func (t *Token) expired(now time.Time) bool {
	if t.Expires.IsZero() {
		return !t.NoExpiry
	}
	return !now.Before(t.Expires)
}
