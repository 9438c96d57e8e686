package webapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Error is an error that is told to the client: [WriteError] writes its code,
// type and message. A guard denies with one, and a view may return its own.
//
// Codes and types are those of Djblets (webapi/errors.py), which its clients
// know. What has no number there has the HTTP status as its code, and a type
// that begins with "x-webapi-".
type Error struct {
	// Code is the number by which clients and [errors.Is] tell errors apart.
	Code int
	// Type says the same as Code in words, such as "auth-oauth2-missing-scope".
	Type string
	// Message is for people. The client sees it. If it is empty, the client
	// sees the text of the HTTP status.
	Message string
	// Status is the HTTP status, 400 to 599. Any other is written as 500.
	Status int
	// Required is what the method requires, where a scope is missing.
	Required Requirement
	// Needed is one alternative of Required, the one that the token comes
	// nearest to: the fewest scopes missing, then the first declared. The
	// challenge names it, as RFC 6750 cannot say "or".
	Needed []Scope
	// Missing are the scopes of Needed that the token lacks.
	Missing []Scope
	// Allow lists the methods that are answered, where the method is not.
	Allow string

	logout      bool // the session that carried the credentials is to be logged out
	otherScheme bool // no bearer token was presented, but an Authorization header that nobody accepts
	refused     bool // the request does not get as far as a guard
}

const (
	codePermissionDenied = 101
	codeNotLoggedIn      = 103
	codeLoginFailed      = 104
	codeMissingScope     = 112
	codeAccessDenied     = 113
	codeBadRequest       = http.StatusBadRequest
	codeCrossOrigin      = http.StatusForbidden
	codeMethodNotAllowed = http.StatusMethodNotAllowed
	codeInternal         = http.StatusInternalServerError
	codeUnavailable      = http.StatusServiceUnavailable
)

// The errors of a guard and of the middleware, to compare with [errors.Is],
// which looks at the code alone. Do not change them. A guard makes a new Error
// for each request, with the details filled in, and never reads these.
var (
	// ErrPermissionDenied: the token's policy, or a resource without rules, denies (101, 403).
	ErrPermissionDenied = newError(codePermissionDenied)
	// ErrNotLoggedIn: no credentials, or those of a session that has ended (103, 401).
	ErrNotLoggedIn = newError(codeNotLoggedIn)
	// ErrLoginFailed: credentials that are not, or no longer, accepted (104, 401).
	ErrLoginFailed = newError(codeLoginFailed)
	// ErrMissingScope: the token's scopes do not meet the requirement (112, 403).
	ErrMissingScope = newError(codeMissingScope)
	// ErrAccessDenied: the resource does not accept OAuth2 tokens (113, 403).
	ErrAccessDenied = newError(codeAccessDenied)
	// ErrBadRequest: the credentials are malformed (400).
	ErrBadRequest = newError(codeBadRequest)
	// ErrCrossOrigin: a session's request to change something comes from
	// another origin (403).
	ErrCrossOrigin = newError(codeCrossOrigin)
	// ErrMethodNotAllowed: the resource does not answer the method (405).
	ErrMethodNotAllowed = newError(codeMethodNotAllowed)
	// ErrUnavailable: the credentials could not be verified now (503).
	ErrUnavailable = newError(codeUnavailable)
)

// ErrNoCredentials is what an [Authenticator] returns when the request has no
// credentials of its sort.
var ErrNoCredentials = errors.New("webapi: no credentials")

// Error returns the code and the message, and the scopes that are missing.
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
	e, _ := errors.AsType[*Error](err)
	return e
}

// lacksScope reports whether e denies for the want of a scope that a token
// could have.
func (e *Error) lacksScope() bool {
	return e != nil && e.Code == codeMissingScope && len(e.Missing) > 0
}

// WriteError answers r with err. An *[Error] in err's tree is written with its
// code, type and message; of any other error, and of nil, the client learns
// nothing: it is logged and answered as a 500.
//
// The body is the JSON of Djblets (webapi/responses.py), with the scopes that
// are required and missing beside "err", where Djblets puts further data:
//
//	{"stat":"fail","err":{"code":112,"msg":"...","type":"auth-oauth2-missing-scope"},
//	 "required_scopes":[["repository:destroy"],["admin"]],"missing_scopes":["admin"]}
//
// or, for a client whose Accept header prefers application/problem+json, a
// problem of RFC 9457 with the same data. A request with HEAD gets no body. 401
// and a missing scope have a challenge by RFC 6750, section 3, which is added
// to those that the response has; 405 has the Allow header. The response is not
// to be stored and varies by Authorization, Cookie and Accept.
//
// The response must not have begun.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	cfg := stateOf(r.Context()).cfg
	e := asError(err)
	if e == nil {
		cfg.logger().ErrorContext(r.Context(), "webapi: request failed",
			"method", r.Method, "path", r.URL.Path, "error", err)
		e = newError(codeInternal)
	}
	status := e.Status
	if status < 400 || status > 599 {
		status = http.StatusInternalServerError
	}
	contentType, body := e.body(status, prefersProblem(r.Header.Values("Accept")))

	h := w.Header()
	for _, name := range ofTheView {
		h.Del(name)
	}
	maps.DeleteFunc(h, func(name string, _ []string) bool { return isTargeted(name) })
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	addVary(h, "Authorization", "Cookie", "Accept")
	if challenge := cfg.challengeFor(e, status); challenge != "" {
		h.Add("WWW-Authenticate", challenge)
	}
	if status == http.StatusMethodNotAllowed {
		h.Set("Allow", e.Allow)
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that has gone cannot be told
	}
}

// ofTheView are header fields by which a view may have described the response
// that it then failed to give, apart from those of isTargeted.
var ofTheView = []string{
	"Content-Digest", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location",
	"Content-MD5", "Content-Range", "ETag", "Expires", "Last-Modified", "Repr-Digest", "Surrogate-Control",
}

// isTargeted reports whether a header field is Cache-Control for some caches, which
// go by it alone: those of RFC 9213 are named like CDN-Cache-Control.
func isTargeted(name string) bool {
	return strings.HasSuffix(http.CanonicalHeaderKey(name), "-Cache-Control")
}

// scopeMembers is what both forms of a body say of scopes.
type scopeMembers struct {
	Required [][]Scope `json:"required_scopes,omitempty"`
	Missing  []Scope   `json:"missing_scopes,omitempty"`
}

// failure is the payload of Djblets' WebAPIResponseError.
type failure struct {
	Stat string `json:"stat"`
	Err  struct {
		Code int    `json:"code"`
		Msg  string `json:"msg"`
		Type string `json:"type,omitempty"`
	} `json:"err"`
	scopeMembers
}

// problem is a problem details object. Its type is RFC 9457's about:blank, with
// which the title is the text of the status; Error.Type is no URI and has a
// member of its own.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      int    `json:"code"`
	ErrorType string `json:"error_type,omitempty"`
	scopeMembers
}

// body returns the response's content type and body.
func (e *Error) body(status int, asProblem bool) (contentType string, body []byte) {
	message := e.Message
	if message == "" {
		message = http.StatusText(status)
	}
	scopes := scopeMembers{Required: e.Required.Alternatives(), Missing: e.Missing}
	if asProblem {
		return "application/problem+json", encode(problem{
			Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message,
			Code: e.Code, ErrorType: e.Type, scopeMembers: scopes,
		})
	}
	f := failure{Stat: "fail", scopeMembers: scopes}
	f.Err.Code, f.Err.Msg, f.Err.Type = e.Code, message, e.Type
	return "application/json", encode(f)
}

// encode returns the JSON of v, whose type has nothing that JSON cannot say.
func encode(v any) []byte {
	body, _ := json.Marshal(v)
	return body
}

// addVary adds the names that the Vary header does not have yet.
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

// challengeFor returns the WWW-Authenticate value of a response with status
// for e by RFC 6750, section 3, or "" where no challenge would help the client.
func (c *Config) challengeFor(e *Error, status int) string {
	switch {
	case e.refused && status == http.StatusBadRequest:
		return c.challenge("invalid_request", nil)
	case status == http.StatusUnauthorized && e.Code == codeLoginFailed && !e.otherScheme:
		return c.challenge("invalid_token", nil)
	case status == http.StatusUnauthorized:
		return c.challenge("", nil)
	case status == http.StatusForbidden && e.Code == codeMissingScope:
		return c.challenge("insufficient_scope", e.Needed)
	}
	return ""
}

// challenge returns a Bearer challenge. Where code is "", the request had no
// bearer token and the challenge says nothing of one.
func (c *Config) challenge(code string, scopes []Scope) string {
	var b strings.Builder
	b.WriteString("Bearer realm=" + quote(c.realm()))
	if code != "" {
		b.WriteString(", error=" + quote(code))
	}
	// A view's own Error may list anything.
	scopes = slices.DeleteFunc(slices.Clone(scopes), func(s Scope) bool { return !s.valid() })
	if len(scopes) > 0 {
		b.WriteString(", scope=" + quote(joinScopes(scopes, " ")))
	}
	if url := c.resourceMetadata(); url != "" {
		b.WriteString(", resource_metadata=" + quote(url))
	}
	return b.String()
}

// quotable reports whether s can be written as a quoted-string: printable
// ASCII. RFC 9110, section 5.6.4, also knows tabs and other bytes, which
// recipients read in different ways.
func quotable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

var quoteEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// quote returns s, which is quotable, as a quoted-string of RFC 9110, section
// 5.6.4.
func quote(s string) string { return `"` + quoteEscapes.Replace(s) + `"` }
