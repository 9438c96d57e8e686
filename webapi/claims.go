package webapi

import (
	"errors"
	"fmt"
	"strings"
)

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
