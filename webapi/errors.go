package webapi

import (
	"errors"
	"fmt"
	"net/http"
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
