package webapi

import (
	"net/http"
	"slices"
	"strings"
)

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
