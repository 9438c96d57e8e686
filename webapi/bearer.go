package webapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Verifier says what a bearer token stands for.
//
// Besides a token and nil, Verify returns one of these errors:
//
//   - an *[Error] with the code of [ErrLoginFailed]: the token is unknown,
//     revoked, badly signed, or meant for another server. The client is told
//     invalid_token (RFC 6750, section 3.1).
//   - any other: the token could not be verified now. The server answers 503.
//     Its text is logged, with the token taken out.
//
// A Verifier checks who issued the token and for whom (iss and aud of RFC 9068,
// section 4, and of RFC 7662, section 2.2): one that another server may use must
// not work here (RFC 9700, section 2.3). It need not look at the expiry if it
// sets Token.Expires. It must be safe for concurrent use, should stop when the
// context ends, and must not log the token.
type Verifier interface {
	Verify(ctx context.Context, token string) (Token, error)
}

// VerifierFunc is a function as a [Verifier].
type VerifierFunc func(ctx context.Context, token string) (Token, error)

// Verify calls f.
func (f VerifierFunc) Verify(ctx context.Context, token string) (Token, error) { return f(ctx, token) }

// Bearer returns the authenticator of bearer tokens (RFC 6750). It takes the
// token from the Authorization header only (section 2.1), never from the query
// or the body, and asks v. A header with the scheme Bearer and no well-formed
// token is malformed; one with another scheme is left to other authenticators.
//
// Token.Session of what v returns is cleared: a bearer token opens no session.
func Bearer(v Verifier) Authenticator { return &bearer{verifier: v} }

type bearer struct{ verifier Verifier }

func (b *bearer) Authenticate(r *http.Request) (Token, error) {
	secret, err := bearerToken(r.Header.Values("Authorization"))
	if err != nil {
		return Token{}, err
	}
	if b.verifier == nil {
		return Token{}, errors.New("webapi: Bearer has no verifier")
	}
	token, err := b.verifier.Verify(r.Context(), secret)
	switch {
	case err == nil:
		token.Session = false
		return token, nil
	case errors.Is(err, ErrLoginFailed):
		return Token{}, rejectedAs(codeLoginFailed, err)
	default:
		return Token{}, withoutSecret(err, secret)
	}
}

// bearerToken returns the token of the values of the Authorization header,
// [ErrNoCredentials] if there is none with the scheme Bearer, or an [*Error]
// with the status 400.
func bearerToken(authorization []string) (string, error) {
	if len(authorization) == 0 {
		return "", ErrNoCredentials
	}
	if len(authorization) > 1 {
		return "", newError(codeBadRequest)
	}
	scheme, rest := cutScheme(authorization[0])
	if !strings.EqualFold(scheme, "Bearer") {
		return "", ErrNoCredentials
	}
	token := strings.TrimLeft(rest, " ")
	if token == rest || !isB64Token(token) {
		return "", newError(codeBadRequest)
	}
	return token, nil
}

// cutScheme returns the auth-scheme that s begins with, a token of RFC 9110,
// section 5.6.2, and what follows it.
func cutScheme(s string) (scheme, rest string) {
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && strings.IndexByte("!#$%&'*+-.^_`|~", s[i]) < 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// isB64Token reports whether s is a b64token of RFC 6750, section 2.1.
func isB64Token(s string) bool {
	body := strings.TrimRight(s, "=")
	for i := range len(body) {
		if !isAlphanumeric(body[i]) && strings.IndexByte("-._~+/", body[i]) < 0 {
			return false
		}
	}
	return body != ""
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// rejectedAs returns the *Error with code in err's tree, or a new one where it
// is not the first of the tree. Nothing else of the tree counts.
func rejectedAs(code int, err error) *Error {
	if e := asError(err); e != nil && e.Code == code {
		return e
	}
	return newError(code)
}

// withoutSecret returns an error with the text of err but without the secret,
// which the error of an HTTP client may have in a URL. It does not wrap err: no
// error of a back end is to be taken for a rejection or for no credentials.
func withoutSecret(err error, secret string) error {
	hide := strings.NewReplacer(secret, "[token]", url.QueryEscape(secret), "[token]")
	return errors.New("webapi: verifier: " + hide.Replace(fmt.Sprint(err)))
}

// scopeClaims are the names under which issuers put scopes: scope is the
// registered one (RFC 8693, section 4.2; RFC 9068, section 2.2.3).
var scopeClaims = [...]string{"scope", "scp", "scopes"}

// ScopesFromClaims reads the scopes of a JWT's claims, or of an introspection
// response (RFC 7662, section 2.2): scope, scp or scopes, each in any form that
// [ParseScopeClaim] reads. If there are several they have to hold the same
// scopes. If there is none the set is empty, and the token opens nothing.
func ScopesFromClaims(claims map[string]any) (Scopes, error) {
	var held Scopes
	first := ""
	for _, name := range scopeClaims {
		claim, ok := claims[name]
		if !ok {
			continue
		}
		scopes, err := ParseScopeClaim(claim)
		if err != nil {
			return Scopes{}, fmt.Errorf("webapi: claim %s: %w", name, err)
		}
		if first != "" && scopes.String() != held.String() {
			return Scopes{}, fmt.Errorf("webapi: the claims %s and %s differ", first, name)
		}
		if first == "" {
			held, first = scopes, name
		}
	}
	return held, nil
}

// ParseScopeClaim reads the value of a scope claim as encoding/json decodes it,
// in a form that issuers use:
//
//   - a string by the grammar of RFC 6749, section 3.3: scopes with one space
//     between them; "" is the empty set
//   - a string of scopes with one comma and no space between them
//   - a list of strings, each one scope
//
// Whatever could be read in two ways is an error: a string with commas and
// spaces, an element of a list with either. So is any other type, null among
// them. That leaves out scopes with a comma, which the grammar would permit.
func ParseScopeClaim(claim any) (Scopes, error) {
	switch claim := claim.(type) {
	case string:
		return parseScopeString(claim)
	case []string:
		list := make([]any, len(claim))
		for i, s := range claim {
			list[i] = s
		}
		return parseScopeList(list)
	case []any:
		return parseScopeList(claim)
	}
	return Scopes{}, fmt.Errorf("webapi: scope list: want a string or a list of strings, got %T", claim)
}

func parseScopeString(s string) (Scopes, error) {
	if !strings.Contains(s, ",") {
		return ParseScopes(s)
	}
	if strings.Contains(s, " ") {
		return Scopes{}, errors.New("webapi: scope list: commas and spaces")
	}
	var list []any
	for element := range strings.SplitSeq(s, ",") {
		list = append(list, element)
	}
	return parseScopeList(list)
}

func parseScopeList(list []any) (Scopes, error) {
	scopes := make([]Scope, len(list))
	for i, element := range list {
		s, ok := element.(string)
		if !ok {
			return Scopes{}, fmt.Errorf("webapi: scope list: want a string as element %d, got %T", i, element)
		}
		if !Scope(s).valid() || strings.Contains(s, ",") {
			return Scopes{}, fmt.Errorf("webapi: scope list: element %d is not one scope", i)
		}
		scopes[i] = Scope(s)
	}
	return MakeScopes(scopes...), nil
}

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
