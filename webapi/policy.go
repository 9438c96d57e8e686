package webapi

import (
	"maps"
	"slices"
)

// Policy says what an API token may do, as Djblets decides it
// (webapi/resources/mixins/api_tokens.py). [ParsePolicy] reads one. It is
// immutable. The zero value denies everything.
//
// A policy has entries for objects of a resource, for a resource ("*" in its
// section) and for the whole API ("*" beside the sections). An entry lists
// methods that it allows and blocks, "*" for all. The first of these that says
// anything about a method decides:
//
//  1. the entry of the object
//  2. the entry of the resource
//  3. the entry of the whole API
//
// and within an entry: the method is blocked, the method is allowed, "*" is
// blocked, "*" is allowed. What no entry speaks of is allowed.
//
// An object's entry is found by the path value, byte for byte. A view that takes
// "07" for object 7 evades the entry "7"; it has to refuse what is not the usual
// spelling of an ID. The path value must be unescaped, as http.ServeMux has it:
// routers that leave "%37" as it is evade the entry "7" too.
type Policy struct {
	rules *policyRules
}

type policyRules struct {
	global    policyEntry
	resources map[string]policySection // by policy ID
}

// policySection has the entries of a resource by object ID, and "*".
type policySection map[string]policyEntry

type policyEntry struct{ allow, block methodSet }

// Allows reports whether the policy lets method through for the object of the
// resource with the given policy ID. An empty objectID means the collection,
// which has no entry but "*". HEAD gets GET's answer. Nothing is allowed of a
// resource without a policy ID.
//
// A view of a collection filters what it lists by it:
//
//	token, _ := webapi.TokenFrom(r.Context())
//	visible := token.Kind != webapi.APIToken || token.Policy.Allows("repository", "GET", repo.ID)
func (p Policy) Allows(policyID, method, objectID string) bool {
	if p.rules == nil || policyID == "" {
		return false
	}
	m := methodBit(method)
	if section := p.rules.resources[policyID]; section != nil {
		if allowed, decided := section[objectID].answer(m); decided {
			return allowed
		}
		if allowed, decided := section["*"].answer(m); decided {
			return allowed
		}
	}
	allowed, decided := p.rules.global.answer(m)
	return allowed || !decided
}

// IDs returns the IDs of the resources that the policy has a section for, in
// ascending order.
func (p Policy) IDs() []string {
	if p.rules == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(p.rules.resources))
}

// answer returns what the entry says about a method, if it says anything.
func (e policyEntry) answer(m methodSet) (allowed, decided bool) {
	switch {
	case e.block&m != 0:
		return false, true
	case e.allow&m != 0:
		return true, true
	case e.block&anyMethod != 0:
		return false, true
	}
	return e.allow&anyMethod != 0, e.allow&anyMethod != 0
}

// methodSet is a set of the methods that a policy can name.
type methodSet uint8

const anyMethod methodSet = 1 << 7

// policyMethods are the methods that a policy can name, besides HEAD.
var policyMethods = [...]string{"GET", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

// methodBit returns the set of one method, which is empty if only "*" speaks of it.
func methodBit(method string) methodSet {
	if method == "HEAD" {
		method = "GET"
	}
	for i, m := range policyMethods {
		if m == method {
			return 1 << i
		}
	}
	return 0
}
