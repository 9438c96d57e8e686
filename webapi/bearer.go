package webapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// TokenKind is the kind of a [Token], on which its rules depend. A token of a
// kind that is not declared here is denied.
type TokenKind uint8

// The kinds of token.
const (
	OAuth2   TokenKind = iota // an OAuth2 access token, which has scopes
	APIToken                  // a token that a user has created, which has a policy
)

// Token is an access token that an [Authenticator] has verified, without its
// secret. The zero value has expired and is denied.
type Token struct {
	// Kind is the kind of the token.
	Kind TokenKind
	// Scopes are the granted scopes of an OAuth2 token. They have no effect for
	// an API token.
	Scopes Scopes
	// Expires is the time from which on the token is invalid, by the wall clock.
	// With a zero Expires the token has expired, unless NoExpiry is set. The
	// middleware logs a warning if an authenticator returns such a token.
	Expires time.Time
	// NoExpiry means that the token never expires. It has no effect if Expires
	// is not zero.
	NoExpiry bool
	// Session means that a login session carried the token. If the token has
	// expired, the session is logged out.
	Session bool
	// Subject and ClientID identify the user and the OAuth2 client (sub and
	// client_id of RFC 9068 and RFC 7662). They have no effect on the decision.
	Subject, ClientID string
	// Audience is whom the token is for (aud of RFC 9068 and RFC 7662), for
	// [ForAudience]. It has no effect on the decision.
	Audience []string
	// ACR is the authentication context class reference of the user's login, and
	// AuthTime its time, for operations that need a [StepUp]; see [LoginFromClaims].
	// Without them, such an operation is denied, as it is to an API token, with
	// which no user logs in.
	ACR      string
	AuthTime time.Time
	// Policy restricts an API token. It has no effect for an OAuth2 token.
	Policy Policy
}

// expired reports whether the token has expired. A token that expires exactly now
// has expired.
func (t *Token) expired(now time.Time) bool {
	if t.Expires.IsZero() {
		return !t.NoExpiry
	}
	return !now.Before(t.Expires)
}

// A Verifier verifies bearer tokens.
//
// Verify returns a token and nil, or one of these errors:
//
//   - an *[Error] with the code of [ErrLoginFailed]: the token is unknown,
//     revoked, badly signed, or issued for another server. The response has the
//     error invalid_token (RFC 6750, section 3.1). The error of
//     [ScopesFromClaims] is such an error.
//   - any other error: the token cannot be verified now. The middleware logs the
//     text of the error, without the token, and responds with status 503.
//
// A Verifier must check the issuer and the audience of the token (iss and aud of
// RFC 9068, section 4, and RFC 7662, section 2.2): a token for another server
// must not work here (RFC 9700, section 2.3). [ForAudience] checks the audience of
// Token.Audience. A Verifier need not check the expiry if it sets Token.Expires. It
// must be safe for concurrent use, should return when the context is done, and must
// not log the token.
type Verifier interface {
	Verify(ctx context.Context, token string) (Token, error)
}

// VerifierFunc is an adapter that allows the use of a function as a [Verifier].
type VerifierFunc func(ctx context.Context, token string) (Token, error)

// Verify calls f(ctx, token).
func (f VerifierFunc) Verify(ctx context.Context, token string) (Token, error) { return f(ctx, token) }

// ForAudience returns a [Verifier] that rejects the tokens of v that are not for one of
// the audiences, byte by byte, which are usually one: ProtectedResource.Resource, for
// which clients ask the authorization server (RFC 8707). A token without an Audience is
// rejected too, so that a Verifier that forgets to set it accepts nothing instead of
// tokens for other servers:
//
//	webapi.Bearer(webapi.ForAudience(verifier, "https://api.example.com"))
//
// It stands around a Verifier, since login sessions and tokens of [WithToken] have no
// audience. API tokens have none either: their Verifier stands outside.
func ForAudience(v Verifier, audiences ...string) Verifier {
	audiences = slices.Clone(audiences)
	return VerifierFunc(func(ctx context.Context, secret string) (Token, error) {
		if v == nil {
			return Token{}, errors.New("webapi: ForAudience has no verifier")
		}
		token, err := v.Verify(ctx, secret)
		switch {
		case err != nil:
			return Token{}, err
		case len(token.Audience) == 0:
			return Token{}, invalidClaim("webapi: the token names no audience")
		case !slices.ContainsFunc(token.Audience, func(a string) bool { return a != "" && slices.Contains(audiences, a) }):
			return Token{}, invalidClaim("webapi: the token is for another audience")
		}
		return token, nil
	})
}

// AudienceFromClaims returns the audience in the claims of a JWT, or in the members of
// an introspection response: aud, a string or a list of strings (RFC 7519, section
// 4.1.3). It returns nil without that claim. The error wraps [ErrLoginFailed], as that
// of [ScopesFromClaims].
func AudienceFromClaims(claims map[string]any) ([]string, error) {
	switch claim := claims["aud"].(type) {
	case nil:
		return nil, nil
	case string:
		return []string{claim}, nil
	case []string:
		return slices.Clone(claim), nil
	case []any:
		list := make([]string, len(claim))
		for i, element := range claim {
			s, ok := element.(string)
			if !ok {
				return nil, invalidClaim("webapi: claim aud: want a string as element %d, got %T", i, element)
			}
			list[i] = s
		}
		return list, nil
	default:
		return nil, invalidClaim("webapi: claim aud: want a string or a list of strings, got %T", claim)
	}
}

// Bearer returns an [Authenticator] of bearer tokens (RFC 6750), which v verifies.
// It takes the token from the Authorization header only (section 2.1), never
// from the query or the body. A header with the scheme Bearer and without a
// well-formed token is malformed; a header with another scheme is left to other
// authenticators.
//
// Bearer clears Token.Session: no login session carried the token.
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
		return Token{}, opaque(r.Context(), "webapi: verifier: "+withoutSecret(err, secret), err)
	}
}

// bearerToken returns the token in the values of the Authorization header. The
// error is [ErrNoCredentials] if none has the scheme Bearer, and an [*Error] with
// status 400 if the header is malformed.
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

// cutScheme splits s after the auth-scheme at its beginning, which is a token of
// RFC 9110, section 5.6.2.
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

// rejectedAs returns the first *Error in the tree of err, or a new one if it has
// another code. It drops the rest of the tree, except for a [claimError], which is
// logged.
func rejectedAs(code int, err error) error {
	e := asError(err)
	if e == nil || e.Code != code {
		e = newError(code)
	}
	if claim := asClaimError(err); claim != nil {
		return errors.Join(e, claim)
	}
	return e
}

// withoutSecret returns the text of err without the secret, which the error of an
// HTTP client may have in a URL.
func withoutSecret(err error, secret string) string {
	hide := strings.NewReplacer(secret, "[token]", url.QueryEscape(secret), "[token]")
	return hide.Replace(fmt.Sprint(err))
}

// An opaqueError is a failure of a back end. It does not wrap the error of the back
// end, so that this counts neither as a rejection nor as [ErrNoCredentials], and no
// [Error] of it reaches the client.
type opaqueError struct {
	text  string
	ended error // of the request's context, if it is the reason; see Config.logError
}

func opaque(ctx context.Context, text string, err error) error {
	e := &opaqueError{text: text}
	if ended := ctx.Err(); errors.Is(err, ended) {
		e.ended = ended
	}
	return e
}

func (e *opaqueError) Error() string { return e.text }

// Unwrap returns the error of the request's context, or nil.
func (e *opaqueError) Unwrap() error { return e.ended }

// A SessionStore finds the access token with which a login session was opened.
//
// SessionToken returns a token and nil, or one of these errors:
//
//   - [ErrNoCredentials]: the request has no session, or its session was opened
//     without a token.
//   - an *[Error] with the code of [ErrNotLoggedIn]: the token of the session
//     has been deleted. The guard calls Config.Logout. So it does for the error of
//     [ScopesFromClaims].
//   - any other error: the session cannot be read now. The middleware logs the
//     error and responds with status 503.
//
// SessionToken returns the token in its current state, so that its revocation
// and its expiry end the session's access. It may return an expired token: the
// guard denies the request and logs the session out. A SessionStore must be safe
// for concurrent use.
type SessionStore interface {
	SessionToken(r *http.Request) (Token, error)
}

// Session returns an [Authenticator] of login sessions that were opened with a
// token, which s finds. It sets Token.Session.
//
// It ignores the session of a request with an Authorization header. A request
// with a session has to pass Config.CrossOrigin.
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
	case errors.Is(err, ErrNotLoggedIn), asClaimError(err) != nil:
		return Token{}, rejectedAs(codeNotLoggedIn, err)
	case isOnly(err, ErrNoCredentials):
		return Token{}, ErrNoCredentials
	default:
		return Token{}, opaque(r.Context(), "webapi: session store: "+fmt.Sprint(err), err)
	}
}
