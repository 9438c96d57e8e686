package webapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Policy restricts an API token to some methods of some resources and objects, by
// the rules of Djblets (webapi/resources/mixins/api_tokens.py). [ParsePolicy]
// parses one. It is immutable. The zero value denies everything.
//
// A policy has entries for objects of a resource, for a resource ("*" in its
// section) and for the entire API ("*" beside the sections). An entry lists the
// methods that it allows and those that it blocks, "*" for all. The first of
// these entries that has the method or "*" decides:
//
//  1. the entry of the object
//  2. the entry of the resource
//  3. the entry of the API
//
// Within an entry, a method takes precedence over "*", and block over allow. If
// no entry decides, the method is allowed.
//
// A resource without an [AccessRules].Key cannot tell its objects apart: outside of
// [HandleList], a method that the entry of any object blocks is denied.
//
// The ID of an object is compared with the path value, byte by byte. A view that
// accepts "07" for object 7 bypasses the entry "7": it must reject any other form
// of an ID than the canonical one. The path value must be unescaped, as
// http.ServeMux has it: a router that leaves "%37" as it is bypasses the entry "7"
// too.
type Policy struct {
	rules *policyRules
}

type policyRules struct {
	global    policyEntry
	resources map[string]policySection // by policy ID
}

// policySection has the entries of a resource by object ID, and "*" for the
// resource.
type policySection map[string]policyEntry

type policyEntry struct{ allow, block methodSet }

// Allows reports whether the policy allows method on an object of the resource
// with the given policy ID. An empty objectID means the collection, which has no
// entry of its own. HEAD is allowed if GET is, and an [Operation] if its method is. If
// policyID is empty, nothing is allowed.
//
// The view of a collection uses it to filter its list:
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
	allowed, _ := p.rules.global.answer(m)
	return allowed
}

// allowsEvery reports whether the policy allows method on the resource and on every
// object of it.
func (p Policy) allowsEvery(policyID, method string) bool {
	if !p.Allows(policyID, method, "") {
		return false
	}
	m := methodBit(method)
	for _, entry := range p.rules.resources[policyID] {
		if allowed, decided := entry.answer(m); decided && !allowed {
			return false
		}
	}
	return true
}

// IDs returns the IDs of the resources that the policy has a section for, in
// ascending order.
func (p Policy) IDs() []string {
	if p.rules == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(p.rules.resources))
}

// answer reports whether the entry allows a method, and whether it decides that: what it
// does not decide is allowed.
func (e policyEntry) answer(m methodSet) (allowed, decided bool) {
	switch {
	case e.block&m != 0:
		return false, true
	case e.allow&m != 0:
		return true, true
	case e.block&anyMethod != 0:
		return false, true
	}
	return true, e.allow&anyMethod != 0
}

// methodSet is a set of the methods that a policy can list.
type methodSet uint8

const anyMethod methodSet = 1 << 7

// policyMethods are the methods that a policy can list, besides HEAD.
var policyMethods = [...]string{"GET", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

// methodBit returns the set of one method, or of that of an operation. It is empty if a
// policy cannot list the method by name.
func methodBit(method string) methodSet {
	method = cutOperation(method)
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

// ParsePolicy parses the JSON of a policy in the form that Djblets stores
// (webapi/models.py, validate_policy):
//
//	{"resources": {
//	    "*":          {"allow": ["GET"], "block": ["*"]},
//	    "repository": {"*": {"allow": ["*"]}, "1": {"block": ["DELETE"]}}}}
//
// {} allows everything, as in Djblets, where a token without restrictions has it.
// ParsePolicy returns an error, with the path of the key, for anything else:
// invalid JSON, null, an unknown or repeated key, a value of another type, an
// entry with neither allow nor block, and a method other than GET, HEAD, OPTIONS,
// POST, PUT, PATCH, DELETE and "*". HEAD can only be listed together with GET,
// because it is allowed if GET is.
//
// Use [Catalog.CheckPolicy] to find sections and entries that no resource can obey.
func ParsePolicy(data []byte) (Policy, error) {
	if !utf8.Valid(data) {
		return Policy{}, errors.New("webapi: policy: not UTF-8")
	}
	var valid json.RawMessage
	if err := json.Unmarshal(data, &valid); err != nil {
		return Policy{}, fmt.Errorf("webapi: policy: %w", err)
	}
	rules := &policyRules{resources: map[string]policySection{}}
	p := policyParser{json.NewDecoder(bytes.NewReader(data))}
	if err := p.policy(rules); err != nil {
		return Policy{}, fmt.Errorf("webapi: policy: %w", err)
	}
	return Policy{rules}, nil
}

// policyParser reads JSON that is known to be valid.
type policyParser struct{ dec *json.Decoder }

func (p policyParser) policy(rules *policyRules) error {
	return p.object("", func(key, path string) error {
		if key != "resources" {
			return fmt.Errorf(`%s: unknown key; want "resources"`, path)
		}
		n := 0
		err := p.object(path, func(key, path string) (err error) {
			n++
			if key == "*" {
				rules.global, err = p.entry(path)
				return err
			}
			rules.resources[key], err = p.section(path)
			return err
		})
		if err == nil && n == 0 {
			return fmt.Errorf(`%s: empty; want "*" or a resource`, path)
		}
		return err
	})
}

func (p policyParser) section(path string) (policySection, error) {
	section := policySection{}
	err := p.object(path, func(key, path string) (err error) {
		section[key], err = p.entry(path)
		return err
	})
	return section, err
}

func (p policyParser) entry(path string) (entry policyEntry, err error) {
	n := 0
	err = p.object(path, func(key, path string) (err error) {
		n++
		switch key {
		case "allow":
			entry.allow, err = p.methods(path)
		case "block":
			entry.block, err = p.methods(path)
		default:
			return fmt.Errorf(`%s: unknown key; want "allow" or "block"`, path)
		}
		return err
	})
	if err == nil && n == 0 {
		err = fmt.Errorf(`%s: empty; want "allow" or "block"`, path)
	}
	return entry, err
}

func (p policyParser) methods(path string) (set methodSet, err error) {
	if err := p.open('[', path, "a list of methods"); err != nil {
		return 0, err
	}
	head := -1
	for i := 0; p.dec.More(); i++ {
		method, ok := p.token().(string)
		if !ok {
			return 0, fmt.Errorf("%s[%d]: want a method", path, i)
		}
		switch bit := methodBit(method); {
		case method == "*":
			set |= anyMethod
		case method == "HEAD":
			head = i
		case bit == 0:
			return 0, fmt.Errorf(`%s[%d]: unknown method %q; want GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE or "*"`, path, i, method)
		default:
			set |= bit
		}
	}
	p.token()
	if head >= 0 && set&methodBit("GET") == 0 {
		return 0, fmt.Errorf("%s[%d]: HEAD without GET; HEAD gets GET's answer", path, head)
	}
	return set, nil
}

// object reads an object. It calls member, which reads the value, with each key and
// its path.
func (p policyParser) object(path string, member func(key, path string) error) error {
	if err := p.open('{', path, "an object"); err != nil {
		return err
	}
	seen := map[string]bool{}
	for p.dec.More() {
		key, _ := p.token().(string) // JSON has no other keys
		at := joinPath(path, key)
		switch {
		case key == "" || strings.ContainsRune(key, utf8.RuneError):
			return fmt.Errorf("%s: cannot be a key", at)
		case seen[key]:
			return fmt.Errorf("%s: given twice", at)
		}
		seen[key] = true
		if err := member(key, at); err != nil {
			return err
		}
	}
	p.token()
	return nil
}

func (p policyParser) open(delim json.Delim, path, want string) error {
	if p.token() == delim {
		return nil
	}
	if path == "" {
		return fmt.Errorf("want %s", want)
	}
	return fmt.Errorf("%s: want %s", path, want)
}

// token returns the next token. There is no error, since the JSON is valid.
func (p policyParser) token() json.Token {
	t, _ := p.dec.Token()
	return t
}

// joinPath returns the path of key, which it quotes if it is empty or ambiguous.
func joinPath(path, key string) string {
	if key == "" || strings.ContainsFunc(key, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`."[]`, c) }) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
