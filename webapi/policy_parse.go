package webapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParsePolicy reads the JSON of a policy in the form that Djblets stores
// (webapi/models.py, validate_policy):
//
//	{"resources": {
//	    "*":          {"allow": ["GET"], "block": ["*"]},
//	    "repository": {"*": {"allow": ["*"]}, "1": {"block": ["DELETE"]}}}}
//
// {} allows everything, as in Djblets; that is what a token without
// restrictions has there. Whatever is not of this form is an error that says
// where: no JSON, null, a key that is unknown or given twice, a value of another
// type, an entry with neither allow nor block, a method that is none of GET,
// HEAD, OPTIONS, POST, PUT, PATCH, DELETE and "*". HEAD gets GET's answer and
// therefore can only be listed beside GET.
//
// That a policy names a resource which does not exist, ParsePolicy cannot see;
// [Catalog.CheckPolicy] does.
func ParsePolicy(data []byte) (Policy, error) {
	if !utf8.Valid(data) {
		return Policy{}, errors.New("webapi: policy: not UTF-8")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return Policy{}, fmt.Errorf("webapi: policy: %w", err)
	}
	rules := &policyRules{resources: map[string]policySection{}}
	p := policyParser{json.NewDecoder(bytes.NewReader(data))}
	if err := p.policy(rules); err != nil {
		return Policy{}, fmt.Errorf("webapi: policy: %w", err)
	}
	return Policy{rules}, nil
}

// policyParser walks through JSON that is known to be valid.
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

// object reads an object and calls member with each key and its path; member
// reads the value.
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

// token returns the next token. There is no error: the JSON is valid.
func (p policyParser) token() json.Token {
	t, _ := p.dec.Token()
	return t
}

// joinPath returns the path of key, quoted if it could be misread.
func joinPath(path, key string) string {
	if key == "" || strings.ContainsFunc(key, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`."[]`, c) }) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
