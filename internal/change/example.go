package change

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// Credentials are what a request comes with.
type Credentials string

// The credentials.
const (
	NoCredentials Credentials = "none"
	OAuth2Token   Credentials = "oauth2"
	APIToken      Credentials = "apitoken"
)

// An Example is a request whose answer has changed.
type Example struct {
	Method      string
	Credentials Credentials
	Scopes      []string // of an OAuth2 token, which has no others
	Now         bool     // it is let through now, and was refused before; else the other way round
}

func (e Example) isNew() bool { return e.Now }

func (e Example) label() Label {
	if e.Now {
		return Widened
	}
	return Narrowed
}

// String returns the example as a sentence.
func (e Example) String() string {
	verdict := "could %s, now cannot"
	if e.Now {
		verdict = "could not %s, now can"
	}
	return e.who() + " " + fmt.Sprintf(verdict, e.Method)
}

func (e Example) who() string {
	switch {
	case e.Credentials == NoCredentials:
		return "a request without credentials"
	case e.Credentials == APIToken:
		return "an API token whose policy allows it"
	case len(e.Scopes) == 1:
		return "a token with " + e.Scopes[0] + " alone"
	}
	return "a token with " + strings.Join(e.Scopes, " and ") + " and nothing else"
}

// examples returns a request of each kind of credentials whose answer is not
// what it was: none if both methods let the same requests through. A token is as
// small as such a token can be.
func examples(before, after lockfile.Access) []Example {
	var list []Example
	add := func(kind Credentials, was, is bool) {
		if was != is {
			list = append(list, Example{Method: after.Method, Credentials: kind, Now: is})
		}
	}
	add(NoCredentials, before.Anonymous, after.Anonymous)
	add(APIToken, before.APITokens, after.APITokens)
	old, now := opened(before), opened(after)
	if scopes, ok := beyond(now, old); ok {
		list = append(list, Example{after.Method, OAuth2Token, scopes, true})
	}
	if scopes, ok := beyond(old, now); ok {
		list = append(list, Example{after.Method, OAuth2Token, scopes, false})
	}
	return list
}

// opened returns the alternatives that an OAuth2 token can meet.
func opened(a lockfile.Access) [][]string {
	if !a.OAuth2 {
		return nil
	}
	return a.Requires
}

// beyond returns the smallest set of scopes that meets one requirement and not
// the other, if there is one. To hold more scopes never closes anything, so only
// the alternatives themselves come into question: whoever meets the requirement
// holds one of them, and if that one meets the other requirement, so does he.
func beyond(requirement, other [][]string) ([]string, bool) {
	var found [][]string
	for _, all := range requirement {
		if !Meets(all, other) {
			found = append(found, all)
		}
	}
	if found == nil {
		return nil, false
	}
	return slices.MinFunc(found, func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
	}), true
}

// Meets reports whether a token with these scopes meets a requirement.
func Meets(scopes []string, requirement [][]string) bool {
	return slices.ContainsFunc(requirement, func(all []string) bool {
		return !slices.ContainsFunc(all, func(s string) bool { return !slices.Contains(scopes, s) })
	})
}
