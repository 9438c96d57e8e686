package webapi

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
)

// StepUp is what an operation needs of the user's login, besides scopes: step-up
// authentication (RFC 9470). The zero value needs nothing.
type StepUp struct {
	// ACR lists the accepted authentication context class references, such as
	// "gold silver", in order of preference and separated by spaces. If it is empty,
	// any is accepted. The values are compared byte by byte.
	ACR string
	// MaxAge is the time since the login, in whole seconds, after which the user has
	// to log in again. If it is 0, the time does not matter.
	MaxAge time.Duration
}

// login is how and when a user logged in.
type login struct {
	acr  string
	time time.Time // zero if unknown
}

// acceptsACR reports whether s accepts the authentication context class of a login.
func (s StepUp) acceptsACR(acr string) bool {
	if s.ACR == "" {
		return true
	}
	for accepted := range strings.SplitSeq(s.ACR, " ") {
		if acr != "" && acr == accepted {
			return true
		}
	}
	return false
}

// acceptsTime reports whether the time of a login is recent enough. An unknown time
// is not, and neither is one in the future.
func (s StepUp) acceptsTime(at, now time.Time) bool {
	if s.MaxAge == 0 {
		return true
	}
	age := now.Sub(at)
	return !at.IsZero() && age >= 0 && age <= s.MaxAge
}

// acrValues returns the values of s.ACR, without those that a challenge cannot have.
func (s StepUp) acrValues() []string {
	var values []string
	for value := range strings.SplitSeq(s.ACR, " ") {
		if Scope(value).valid() {
			values = append(values, value)
		}
	}
	return values
}

// maxAge returns s.MaxAge in seconds.
func (s StepUp) maxAge() int64 { return int64(s.MaxAge / time.Second) }

// stepUp returns what method needs of the user's login.
func (r *AccessRules) stepUp(method string) StepUp {
	if r.StepUp == nil {
		return StepUp{}
	}
	return r.StepUp(method)
}

// stepUp returns the error of a login that method does not accept, which is that of
// the token or, without one, of [WithLogin]. It is short enough to be inlined, since
// most resources need none.
func (s *state) stepUp(rules *AccessRules, method string) *Error {
	if rules.StepUp == nil {
		return nil
	}
	return s.checkLogin(rules.StepUp, method)
}

func (s *state) checkLogin(stepUp func(method string) StepUp, method string) *Error {
	needed, last := stepUp(method), s.login
	if s.token != nil {
		last = login{s.token.ACR, s.token.AuthTime}
	}
	switch {
	case !needed.acceptsACR(last.acr):
		return insufficientLogin(needed, "This needs a login of another kind")
	case !needed.acceptsTime(last.time, s.cfg.now()):
		return insufficientLogin(needed, "This needs a more recent login")
	}
	return nil
}

func insufficientLogin(needed StepUp, message string) *Error {
	e := newError(codeInsufficientLogin)
	e.StepUp, e.Message = needed, message
	return e
}

// WithLogin returns a context that says how and when the user has logged in, for
// requests without a token: those of [WithUnscopedAccess], whose operations may need
// a recent or a strong login (see [StepUp]). The acr is the authentication context
// class reference, "" if there is none; at is the time of the login, the zero time
// if it is unknown. A token has a login of its own, Token.ACR and Token.AuthTime.
//
// WithLogin grants nothing by itself. It can be called before WithUnscopedAccess and
// [Config.Middleware], and after them.
func WithLogin(ctx context.Context, acr string, at time.Time) context.Context {
	s := *stateOf(ctx)
	s.login = login{acr, at.Round(0)} // without the monotonic clock reading, as in setToken
	return withState(ctx, s)
}

// LoginFromClaims returns how and when the user has logged in, for Token.ACR and
// Token.AuthTime, by the claims acr and auth_time of a JWT (RFC 9068, section 2.2.1),
// or the members of an introspection response (RFC 9470, section 6.2). The value of
// acr is a string, and that of auth_time a number of seconds since 1970, as
// encoding/json decodes it. If a claim is missing, its result is the zero value,
// which no operation accepts that needs it.
//
// A claim of another type, null included, is an error that wraps [ErrLoginFailed], as
// that of [ScopesFromClaims].
func LoginFromClaims(claims map[string]any) (acr string, authTime time.Time, err error) {
	if claim, ok := claims["acr"]; ok {
		if acr, ok = claim.(string); !ok {
			return "", time.Time{}, invalidClaim("webapi: claim acr: want a string, got %T", claim)
		}
	}
	if claim, ok := claims["auth_time"]; ok {
		if authTime, err = parseNumericDate(claim); err != nil {
			return "", time.Time{}, invalidClaim("webapi: claim auth_time: %v", err)
		}
	}
	return acr, authTime, nil
}

// parseNumericDate returns the time of a NumericDate (RFC 7519, section 2), without
// its fraction of a second.
func parseNumericDate(claim any) (time.Time, error) {
	var seconds float64
	switch claim := claim.(type) {
	case float64:
		seconds = claim
	case int64:
		seconds = float64(claim)
	case int:
		seconds = float64(claim)
	case json.Number:
		n, err := claim.Float64()
		if err != nil {
			return time.Time{}, fmt.Errorf("want a number of seconds since 1970")
		}
		seconds = n
	default:
		return time.Time{}, fmt.Errorf("want a number of seconds since 1970, got %T", claim)
	}
	const year10000 = 253402300800
	if !(seconds >= 0 && seconds < year10000) {
		return time.Time{}, fmt.Errorf("want a number of seconds since 1970, below %d", int64(year10000))
	}
	return time.Unix(int64(math.Floor(seconds)), 0), nil
}
