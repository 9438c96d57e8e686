package webapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// An Error is an error for the client: [WriteError] writes its code, type and
// message. A guard returns one to deny a request, and a view may return its own.
//
// Codes and types are those of Djblets (webapi/errors.py). An error that Djblets
// does not have uses the HTTP status as its code, and a type that begins with
// "x-webapi-".
type Error struct {
	// Code identifies the error, for clients and for [errors.Is].
	Code int
	// Type is the name of the code, such as "auth-oauth2-missing-scope".
	Type string
	// Message is the text that the client shows to its user. If it is empty,
	// the client gets the text of the HTTP status.
	Message string
	// Status is the HTTP status, from 400 to 599. WriteError replaces any other
	// by 500.
	Status int
	// Required is the requirement of the method, if a scope is missing.
	Required Requirement
	// Needed are the scopes that the challenge names: the alternative of Required
	// of which the token lacks the fewest scopes, the first declared if there are
	// several, since RFC 6750 has no syntax for alternatives, and that of each Super.
	// A guard sets it for [ErrNotLoggedIn] and [ErrLoginFailed] too, as for a token
	// without scopes, unless no scope is needed or OAuth2 tokens are not accepted.
	Needed []Scope
	// Missing are the scopes of Needed that the token lacks.
	Missing []Scope
	// StepUp is what the method needs of the user's login, if the login is not
	// sufficient. The challenge tells the client.
	StepUp StepUp
	// Allow is the value of the Allow header, if the method is not answered.
	Allow string

	logout      bool // log out the session that carried the credentials
	otherScheme bool // the request has an Authorization header that no authenticator accepts
	refused     bool // denied before any guard
}

const (
	codePermissionDenied  = 101
	codeNotLoggedIn       = 103
	codeLoginFailed       = 104
	codeMissingScope      = 112
	codeAccessDenied      = 113
	codeBadRequest        = http.StatusBadRequest
	codeInsufficientLogin = http.StatusUnauthorized
	codeCrossOrigin       = http.StatusForbidden
	codeMethodNotAllowed  = http.StatusMethodNotAllowed
	codeInternal          = http.StatusInternalServerError
	codeUnavailable       = http.StatusServiceUnavailable
)

// The errors of guards and of the middleware, for use with [errors.Is], which
// compares codes. They must not be changed. Each denied request gets an Error of
// its own, with the details filled in.
var (
	// ErrPermissionDenied: the policy of an API token, or a resource without rules, denies (101, 403).
	ErrPermissionDenied = newError(codePermissionDenied)
	// ErrNotLoggedIn: there are no credentials, or those of a session that has ended (103, 401).
	ErrNotLoggedIn = newError(codeNotLoggedIn)
	// ErrLoginFailed: the credentials are rejected or have expired (104, 401).
	ErrLoginFailed = newError(codeLoginFailed)
	// ErrMissingScope: the token's scopes do not meet the requirement (112, 403).
	ErrMissingScope = newError(codeMissingScope)
	// ErrAccessDenied: the resource does not accept OAuth2 tokens (113, 403).
	ErrAccessDenied = newError(codeAccessDenied)
	// ErrInsufficientUserAuthentication: the user's login is not recent enough, or not
	// of an accepted kind (401, RFC 9470).
	ErrInsufficientUserAuthentication = newError(codeInsufficientLogin)
	// ErrBadRequest: the credentials are malformed (400).
	ErrBadRequest = newError(codeBadRequest)
	// ErrCrossOrigin: the request of a login session comes from another origin
	// and is not a safe one (403).
	ErrCrossOrigin = newError(codeCrossOrigin)
	// ErrMethodNotAllowed: the resource does not answer the method (405).
	ErrMethodNotAllowed = newError(codeMethodNotAllowed)
	// ErrUnavailable: the credentials cannot be verified now (503).
	ErrUnavailable = newError(codeUnavailable)
)

// ErrNoCredentials is the error of an [Authenticator] for a request without
// credentials of its kind. An error that wraps it alone means the same; one that
// joins it with a further error means that the credentials cannot be verified.
var ErrNoCredentials = errors.New("webapi: no credentials")

// Error returns the code, the message and the missing scopes.
func (e *Error) Error() string {
	text := fmt.Sprintf("webapi: error %d: %s", e.Code, e.Message)
	if len(e.Missing) > 0 {
		text += " (missing: " + joinScopes(e.Missing, ", ") + ")"
	}
	return text
}

// Is reports whether target is an *Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t != nil && e != nil && t.Code == e.Code
}

// newError returns a new error with the type, message and status of code.
func newError(code int) *Error {
	switch code {
	case codePermissionDenied:
		return &Error{Code: code, Status: 403, Type: "resource-permission-denied",
			Message: "This is not permitted"}
	case codeNotLoggedIn:
		return &Error{Code: code, Status: 401, Type: "auth-not-logged-in",
			Message: "This needs a login"}
	case codeLoginFailed:
		return &Error{Code: code, Status: 401, Type: "auth-login-failed",
			Message: "The credentials were not accepted"}
	case codeMissingScope:
		return &Error{Code: code, Status: 403, Type: "auth-oauth2-missing-scope",
			Message: "The access token lacks a scope that this request needs"}
	case codeAccessDenied:
		return &Error{Code: code, Status: 403, Type: "auth-oauth2-access-denied",
			Message: "OAuth2 access tokens are not accepted here"}
	case codeInsufficientLogin:
		return &Error{Code: code, Status: code, Type: "x-webapi-insufficient-user-authentication",
			Message: "This needs a more recent login, or one of another kind"}
	case codeBadRequest:
		return &Error{Code: code, Status: code, Type: "x-webapi-bad-request",
			Message: "The credentials are malformed"}
	case codeCrossOrigin:
		return &Error{Code: code, Status: code, Type: "x-webapi-cross-origin",
			Message: "A login session is not accepted from another origin"}
	case codeMethodNotAllowed:
		return &Error{Code: code, Status: code, Type: "x-webapi-method-not-allowed",
			Message: "The method is not answered here"}
	case codeUnavailable:
		return &Error{Code: code, Status: code, Type: "x-webapi-unavailable",
			Message: "The credentials cannot be verified now"}
	default:
		return &Error{Code: codeInternal, Status: codeInternal, Type: "x-webapi-internal",
			Message: "The request failed"}
	}
}

func methodNotAllowed(allow string) *Error {
	e := newError(codeMethodNotAllowed)
	e.Allow = allow
	return e
}

func missingScope(required Requirement, held Scopes) *Error {
	e := newError(codeMissingScope)
	e.Required = required
	e.Needed, e.Missing = required.nearest(held)
	return e
}

// asError returns the *Error in err's tree, or nil.
func asError(err error) *Error {
	var e *Error
	errors.As(err, &e)
	return e
}

// isOnly reports whether err is one of targets or wraps nothing else. Unlike
// errors.Is, it returns false for a target that is joined with a further error.
func isOnly(err error, targets ...error) bool {
	switch e := err.(type) {
	case *Error:
		return slices.ContainsFunc(targets, e.Is)
	case interface{ Unwrap() error }:
		return isOnly(e.Unwrap(), targets...)
	case interface{ Unwrap() []error }:
		for _, err := range e.Unwrap() {
			if !isOnly(err, targets...) {
				return false
			}
		}
		return len(e.Unwrap()) > 0
	}
	return slices.Contains(targets, err)
}

// lacksScope reports whether e denies because of a missing scope that a token
// could have.
func (e *Error) lacksScope() bool {
	return e != nil && e.Code == codeMissingScope && len(e.Missing) > 0
}

// WriteError responds to r with err. If the tree of err has an *[Error], the
// response has its code, type and message. Any other error, and nil, is logged,
// and the response has status 500 and nothing of its text.
//
// The body is the JSON of Djblets (webapi/responses.py), with the required and
// the missing scopes beside "err", where Djblets puts further data, or acr_values and
// max_age of [ErrInsufficientUserAuthentication]:
//
//	{"stat":"fail","err":{"code":112,"msg":"...","type":"auth-oauth2-missing-scope"},
//	 "required_scopes":[["repository:destroy"],["admin"]],"missing_scopes":["admin"]}
//
// If the client's Accept header prefers application/problem+json, the body is a
// problem details object (RFC 9457) with the same data. The response to a HEAD
// request has no body. Status 401 and a missing scope come with a challenge (RFC
// 6750, section 3), which is added to those that w has already; status 405 comes
// with the Allow header. The response must not be stored (Cache-Control:
// no-store) and varies by Authorization, Cookie and Accept.
//
// Of the header fields that w has already, the response keeps those that are known
// to be harmless: cookies, CORS, what restricts browsers, rate limits, challenges,
// and the IDs of requests and traces. All others are dropped, since they may be
// about the response that a view has failed to write, or make a proxy send, store
// or redirect something. A middleware whose own field has to be in every response
// can set it when WriteHeader is called.
//
// If Config.WriteError is set, it writes the response instead.
//
// The response must not have been started.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	s := stateOf(r.Context())
	if s.cfg == nil || s.cfg.WriteError == nil {
		respond(w, r, err, prefersProblem(r.Header.Values("Accept")))
		return
	}
	hooked := &hookWriter{ResponseWriter: w, status: PrepareError(w, r, err).Status}
	cfg, inside := *s.cfg, *s
	cfg.WriteError, inside.cfg, inside.hooked = nil, &cfg, hooked // so that it can call this function
	inHook := r.WithContext(withState(r.Context(), inside))
	defer func() { // even if it panics
		if hooked.status >= 500 && (hooked.logged == nil || !errors.Is(hooked.logged, err)) {
			s.logUnknown(r, err)
		}
	}()
	s.cfg.WriteError(hooked, inHook, err)
	if !hooked.wrote {
		WriteError(w, inHook, err)
	}
}

// WriteProblem is [WriteError] with a problem details object (RFC 9457) for every
// client. It can be the value of Config.WriteError.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) { respond(w, r, err, true) }

// respond writes the response of WriteError in one of its two forms.
func respond(w http.ResponseWriter, r *http.Request, err error, asProblem bool) {
	stateOf(r.Context()).logUnknown(r, err)
	e := PrepareError(w, r, err)
	contentType, body := e.body(asProblem)
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(e.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that has gone cannot be told
	}
}

// logUnknown logs an error of which the client sees nothing.
func (s *state) logUnknown(r *http.Request, err error) {
	if asError(err) != nil {
		return
	}
	s.cfg.logError(r.Context(), "webapi: request failed", err, "method", r.Method, "path", r.URL.Path)
	if s.hooked != nil {
		s.hooked.logged = err
	}
}

// HasWriteError reports whether Config.WriteError is set. An adapter of a framework
// that writes error responses itself calls [WriteError] if so.
func HasWriteError(ctx context.Context) bool {
	cfg := stateOf(ctx).cfg
	return cfg != nil && cfg.WriteError != nil
}

// PrepareError sets the header fields of the response to err, as [WriteError] does,
// without those of the body, and returns the error to respond with: a copy of the
// *[Error] in the tree of err, or one with status 500 that has nothing of err. It
// is for adapters of frameworks that write error responses themselves.
func PrepareError(w http.ResponseWriter, r *http.Request, err error) *Error {
	cfg := stateOf(r.Context()).cfg
	e := newError(codeInternal)
	if own := asError(err); own != nil {
		*e = *own
	}
	if e.Status < 400 || e.Status > 599 {
		e.Status = http.StatusInternalServerError
	}
	h := w.Header()
	maps.DeleteFunc(h, func(name string, _ []string) bool { return !isHarmless(name) })
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	addVary(h, "Authorization", "Cookie", "Accept")
	if challenge := cfg.challengeFor(e, e.Status); challenge != "" && !slices.Contains(h.Values("WWW-Authenticate"), challenge) {
		h.Add("WWW-Authenticate", challenge)
	}
	if e.Status == http.StatusMethodNotAllowed {
		h.Set("Allow", e.Allow)
	}
	return e
}

// A hookWriter is what Config.WriteError writes to. A body without a status gets
// that of the error: 200 would tell the client that the request has succeeded.
type hookWriter struct {
	http.ResponseWriter
	status int
	wrote  bool
	logged error // by the functions of this package that Config.WriteError has called
}

func (w *hookWriter) WriteHeader(status int) {
	if !w.wrote && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.wrote, w.status = true, status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *hookWriter) Write(body []byte) (int, error) {
	if !w.wrote {
		w.WriteHeader(w.status)
	}
	return w.ResponseWriter.Write(body)
}

// isHarmless reports whether a response of [WriteError] keeps a header field that a
// middleware or the view has set. Any other field may be about the response that
// the view has not written, or may make a proxy send a file (X-Accel-Redirect,
// X-Sendfile), redirect (Location, Refresh) or store the response (Surrogate-Control
// and RFC 9213).
func isHarmless(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return harmless[name] || slices.ContainsFunc(harmlessPrefixes[:], func(p string) bool { return strings.HasPrefix(name, p) })
}

var harmless = func(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[http.CanonicalHeaderKey(name)] = true
	}
	return set
}(
	// What the client may do instead (RFC 9110; RFC 5789, section 2.2; RFC 9449, section 8).
	"Accept", "Accept-Encoding", "Accept-Patch", "Allow", "DPoP-Nonce", "RateLimit", "Retry-After", "WWW-Authenticate",
	// What is about the resource or the server (RFC 9745, RFC 8594, RFC 7838).
	"Alt-Svc", "Date", "Deprecation", "Server", "Sunset", "Vary",
	// Cookies of sessions and against request forgery, and what ends them, as Config.Logout does.
	"Clear-Site-Data", "Set-Cookie",
	// What restricts browsers (https://owasp.org/www-project-secure-headers/), and their reports of it.
	"Content-Security-Policy", "Content-Security-Policy-Report-Only", "NEL", "Origin-Agent-Cluster", "Permissions-Policy",
	"Permissions-Policy-Report-Only", "Referrer-Policy", "Report-To", "Reporting-Endpoints", "Strict-Transport-Security",
	"X-DNS-Prefetch-Control", "X-Download-Options", "X-Frame-Options", "X-Permitted-Cross-Domain-Policies", "X-Robots-Tag",
	"X-XSS-Protection",
	// IDs and times of the request, for logs and traces (https://www.w3.org/TR/trace-context-2/).
	"B3", "Correlation-ID", "Request-ID", "Server-Timing", "Timing-Allow-Origin", "Trace-ID", "Traceparent", "Traceresponse",
	"Tracestate", "Uber-Trace-Id", "X-Amzn-RequestId", "X-Amzn-Trace-Id", "X-Cloud-Trace-Context", "X-Correlation-ID",
	"X-Ms-Request-Id", "X-Request-ID", "X-Trace-ID",
)

// harmlessPrefixes begin further harmless fields: those of CORS, of policies for
// browsers, of rate limits and of traces.
var harmlessPrefixes = [...]string{
	"Access-Control-", "Cross-Origin-", "Ratelimit-", "X-B3-", "X-Rate-Limit-", "X-Ratelimit-",
}

// details are the members that both kinds of body have.
type details struct {
	Required  [][]Scope `json:"required_scopes,omitempty"`
	Missing   []Scope   `json:"missing_scopes,omitempty"`
	ACRValues []string  `json:"acr_values,omitempty"`
	MaxAge    int64     `json:"max_age,omitempty"`
}

// failure is the payload of Djblets' WebAPIResponseError.
type failure struct {
	Stat string `json:"stat"`
	Err  struct {
		Code int    `json:"code"`
		Msg  string `json:"msg"`
		Type string `json:"type,omitempty"`
	} `json:"err"`
	details
}

// problem is a problem details object of RFC 9457. Its type is about:blank, for
// which the title is the text of the status. Error.Type is not a URI and has a
// member of its own.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      int    `json:"code"`
	ErrorType string `json:"error_type,omitempty"`
	details
}

// body returns the response's content type and body.
func (e *Error) body(asProblem bool) (contentType string, body []byte) {
	message := e.Message
	if message == "" {
		message = http.StatusText(e.Status)
	}
	more := details{e.Required.Alternatives(), e.Missing, e.StepUp.acrValues(), e.StepUp.maxAge()}
	if asProblem {
		return "application/problem+json", encode(problem{
			Type: "about:blank", Title: http.StatusText(e.Status), Status: e.Status, Detail: message,
			Code: e.Code, ErrorType: e.Type, details: more,
		})
	}
	f := failure{Stat: "fail", details: more}
	f.Err.Code, f.Err.Msg, f.Err.Type = e.Code, message, e.Type
	return "application/json", encode(f)
}

// encode returns the JSON of v, whose type must be one that always has one, as a
// line: without its end, a terminal shows the prompt behind it.
func encode(v any) []byte {
	body, _ := json.Marshal(v)
	return append(body, '\n')
}

// addVary adds the names that the Vary header lacks.
func addVary(h http.Header, names ...string) {
	for field := range strings.SplitSeq(strings.Join(h.Values("Vary"), ","), ",") {
		field = strings.TrimSpace(field)
		if field == "*" {
			return
		}
		names = slices.DeleteFunc(names, func(name string) bool { return strings.EqualFold(name, field) })
	}
	if len(names) > 0 {
		h.Add("Vary", strings.Join(names, ", "))
	}
}

// Challenge returns the WWW-Authenticate value of the response that [WriteError]
// writes for err (RFC 6750, section 3), or "" if it has none. The context is the
// one of [Config.Middleware] or [Config.Authenticate].
//
// WWW-Authenticate must be a header, not a trailer (RFC 9110, section 6.5.1): an
// RPC server that sends its errors in trailers needs another name for the value.
func Challenge(ctx context.Context, err error) string {
	e := asError(err)
	if e == nil {
		return ""
	}
	return stateOf(ctx).cfg.challengeFor(e, e.Status)
}

// challengeFor returns the WWW-Authenticate value of a response to e with status
// (RFC 6750, section 3), or "" if no challenge would help the client.
func (c *Config) challengeFor(e *Error, status int) string {
	switch {
	case e.refused && status == http.StatusBadRequest:
		return c.challenge("invalid_request", nil)
	case status == http.StatusUnauthorized && e.Code == codeLoginFailed && !e.otherScheme:
		return c.challenge("invalid_token", e.Needed)
	case status == http.StatusUnauthorized && e.StepUp != (StepUp{}):
		return c.challenge("insufficient_user_authentication", nil) + e.stepUpParameters()
	case status == http.StatusUnauthorized:
		return c.challenge("", e.Needed)
	case status == http.StatusForbidden && e.Code == codeMissingScope:
		return c.challenge("insufficient_scope", e.Needed)
	}
	return ""
}

// offlineAccess asks the authorization server for a refresh token (OpenID Connect
// Core 1.0, section 11). It is between the client and that server: a resource server
// names it neither in challenges nor in its metadata.
const offlineAccess Scope = "offline_access"

// challenge returns a Bearer challenge. If the request had no bearer token, code
// is "" and the challenge has no error (RFC 6750, section 3.1).
func (c *Config) challenge(code string, scopes []Scope) string {
	var b strings.Builder
	b.WriteString("Bearer realm=" + quote(c.realm()))
	if code != "" {
		b.WriteString(", error=" + quote(code))
	}
	// The Error of a view may list what is not a scope.
	scopes = slices.DeleteFunc(slices.Clone(scopes), func(s Scope) bool { return !s.valid() || s == offlineAccess })
	if len(scopes) > 0 {
		b.WriteString(", scope=" + quote(joinScopes(scopes, " ")))
	}
	if url := c.resourceMetadata(); url != "" {
		b.WriteString(", resource_metadata=" + quote(url))
	}
	return b.String()
}

// stepUpParameters returns the parameters of a challenge for another login (RFC 9470,
// section 3).
func (e *Error) stepUpParameters() string {
	var b strings.Builder
	if e.Message != "" && quotable(e.Message) {
		b.WriteString(", error_description=" + quote(e.Message))
	}
	if values := e.StepUp.acrValues(); len(values) > 0 {
		b.WriteString(", acr_values=" + quote(strings.Join(values, " ")))
	}
	if age := e.StepUp.maxAge(); age > 0 {
		b.WriteString(", max_age=" + quote(strconv.FormatInt(age, 10)))
	}
	return b.String()
}

// quotable reports whether s is printable ASCII, as quote needs it. A
// quoted-string of RFC 9110, section 5.6.4, may have tabs and other bytes too,
// which recipients read in different ways.
func quotable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

var quoteEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// quote returns s, which must be quotable, as a quoted-string of RFC 9110,
// section 5.6.4.
func quote(s string) string { return `"` + quoteEscapes.Replace(s) + `"` }

// prefersProblem reports whether the Accept header fields give
// application/problem+json a higher quality than application/json (RFC 9110,
// section 12.5.1). A media range with a malformed or repeated q is ignored, and
// so are other parameters.
func prefersProblem(accept []string) bool {
	return quality(accept, "application/problem+json") > quality(accept, "application/json")
}

// quality returns the quality of a media type of "application" by the Accept
// header fields, in thousandths: that of the most specific range that matches,
// the highest if there are several, or 0 if none matches.
func quality(accept []string, mediaType string) int {
	best, specificity := 0, 0
	for _, field := range accept {
		for element := range splitQuoted(field, ',') {
			mediaRange, q, ok := parseMediaRange(element)
			if !ok {
				continue
			}
			level := 0
			switch {
			case strings.EqualFold(mediaRange, mediaType):
				level = 3
			case strings.EqualFold(mediaRange, "application/*"):
				level = 2
			case mediaRange == "*/*":
				level = 1
			}
			if level > specificity || level == specificity && level > 0 && q > best {
				best, specificity = q, level
			}
		}
	}
	return best
}

// parseMediaRange parses an element of an Accept header field; q is in
// thousandths.
func parseMediaRange(element string) (mediaRange string, q int, ok bool) {
	q, seen := 1000, false
	first := true
	for part := range splitQuoted(element, ';') {
		part = strings.Trim(part, " \t")
		if first {
			mediaRange, first = part, false
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		if q, ok = parseQuality(value); !ok || seen {
			return "", 0, false
		}
		seen = true
	}
	return mediaRange, q, true
}

// parseQuality parses a qvalue of RFC 9110, section 12.4.2, which is from 0 to 1
// with at most three decimal places. It returns thousandths.
func parseQuality(s string) (q int, ok bool) {
	if s == "" || len(s) > len("0.000") || s[0] != '0' && s[0] != '1' {
		return 0, false
	}
	if len(s) > 1 && s[1] != '.' {
		return 0, false
	}
	q = int(s[0]-'0') * 1000
	for i, unit := 2, 100; i < len(s); i, unit = i+1, unit/10 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		q += int(s[i]-'0') * unit
	}
	return q, q <= 1000
}

// splitQuoted returns the parts of s between separators. A separator in a
// quoted-string (RFC 9110, section 5.6.4) does not count.
func splitQuoted(s string, sep byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i < len(s); i++ {
			switch {
			case quoted && s[i] == '\\':
				i++
			case s[i] == '"':
				quoted = !quoted
			case s[i] == sep && !quoted:
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(s[start:])
	}
}
