package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// answers returns what the flags say. All that is wrong with them is one error.
func (opts *options) answers(doc *document) (*answers, error) {
	a := &answers{listOf: map[string]string{}, roles: map[string]role{}, skip: map[string]bool{}}
	var errs []error
	if opts.group != "path" && opts.group != "tag" {
		errs = append(errs, fmt.Errorf("--group: %q is neither path nor tag", opts.group))
	}
	lists, err := expand(opts.lists)
	if err != nil {
		errs = append(errs, err)
	}
	for _, v := range lists {
		meaning, operation, single := strings.Cut(v, "=")
		switch {
		case meaning != listAny && meaning != listAll:
			errs = append(errs, fmt.Errorf("--lists: %q is none of any, all, any=OPERATION and all=OPERATION", v))
		case single && !doc.find(operation):
			errs = append(errs, fmt.Errorf("--lists: %s", doc.unknown(operation)))
		case single && a.listOf[operation] != "" && a.listOf[operation] != meaning, !single && a.lists != "" && a.lists != meaning:
			errs = append(errs, fmt.Errorf("--lists: %q contradicts another one", v))
		case single:
			a.listOf[operation] = meaning
		default:
			a.lists = meaning
		}
	}
	for _, v := range opts.schemes {
		i := strings.LastIndexByte(v, '=')
		name := v[:max(i, 0)]
		declared := make([]string, len(doc.schemes))
		for j, s := range doc.schemes {
			declared[j] = s.name
		}
		switch {
		case i < 0 || !slices.Contains(roles, role(v[i+1:])):
			errs = append(errs, fmt.Errorf("--scheme: %q is not NAME=ROLE with one of the roles oauth2, apitoken, login and ignored", v))
		case !slices.Contains(declared, name):
			errs = append(errs, fmt.Errorf("--scheme: the document has no security scheme %q; it has %s", name, strings.Join(declared, ", ")))
		case a.roles[name] != "" && a.roles[name] != role(v[i+1:]):
			errs = append(errs, fmt.Errorf("--scheme: %q contradicts another one", v))
		default:
			a.roles[name] = role(v[i+1:])
		}
	}
	for _, v := range opts.skip {
		if !doc.find(v) {
			errs = append(errs, fmt.Errorf("--skip: %s", doc.unknown(v)))
		}
		a.skip[v] = true
	}
	return a, errors.Join(errs...)
}

// expand replaces each @FILE by the lines of the file, without blank ones and comments.
func expand(values []string) ([]string, error) {
	var list []string
	for _, v := range values {
		name, isFile := strings.CutPrefix(v, "@")
		if !isFile {
			list = append(list, v)
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("--lists: %w", err)
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				list = append(list, line)
			}
		}
	}
	return list, nil
}

// unknown returns the error that the document has no operation that is named so.
func (d *document) unknown(word string) string {
	var names []string
	for _, o := range d.operations {
		names = append(names, o.String())
		if o.id != "" {
			names = append(names, o.id)
		}
	}
	return fmt.Sprintf("the document has no operation %q%s", word, annotations.Suggest(word, names))
}

// questions returns an error that asks what the document does not say, with examples from
// it.
func (a *answers) questions(doc *document) error {
	var b strings.Builder
	var open []string
	for _, s := range doc.schemes {
		if !s.used || a.role(s) != "" {
			continue
		}
		users := doc.using(s)
		open = append(open, fmt.Sprintf("  %s (%s), of %s, for example %s", s.name, s.typ, count(len(users), "operation"), users[0]))
	}
	if len(open) > 0 {
		fmt.Fprintf(&b, "%s: what are these security schemes to the guards?\n%s\n", doc.path, strings.Join(open, "\n"))
		b.WriteString("Say it with --scheme NAME=ROLE, where ROLE is oauth2, apitoken, login or ignored\n")
	}
	var lists []string
	var several int
	for _, o := range doc.operations {
		for _, alt := range o.security {
			for _, n := range alt {
				if r := a.role(n.scheme); (r == roleOAuth2) && len(distinct(n.scopes)) > 1 && a.list(o) == "" {
					if several++; several <= 3 {
						lists = append(lists, fmt.Sprintf("  %s: %s: %s of %s", n.pos, o, strings.Join(n.scopes, ", "), n.scheme.name))
					}
				}
			}
		}
	}
	if several > 0 {
		if more := several - len(lists); more > 0 {
			lists = append(lists, fmt.Sprintf("  and %d more", more))
		}
		heading := fmt.Sprintf("%d lists have several scopes", several)
		if several == 1 {
			heading = "a list has several scopes"
		}
		fmt.Fprintf(&b, "%s: %s: are all of them needed, or is any one enough?\n%s\n", doc.path, heading, strings.Join(lists, "\n"))
		if strings.HasPrefix(doc.kind, "OpenAPI") {
			b.WriteString("OpenAPI says all, and many documents mean any. ")
		} else {
			b.WriteString("Google's APIs take any. ")
		}
		b.WriteString("Say it with --lists=all or --lists=any, and of one operation\nwith --lists='all=METHOD /path'\n")
	}
	if b.Len() == 0 {
		return nil
	}
	return errors.New(b.String() + "Nothing was written.")
}

// distinct returns the different scopes of a list.
func distinct(scopes []string) []string {
	list := slices.Sorted(slices.Values(scopes))
	return slices.Compact(list)
}

// using returns the operations that ask for a scheme.
func (d *document) using(s *scheme) []*operation {
	var list []*operation
	for _, o := range d.operations {
		if slices.ContainsFunc(o.security, func(alt alternative) bool {
			return slices.ContainsFunc(alt, func(n need) bool { return n.scheme == s })
		}) {
			list = append(list, o)
		}
	}
	return list
}
