package webapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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
