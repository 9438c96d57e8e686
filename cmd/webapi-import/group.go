package main

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A resource is a group of operations, as the spec declares it.
type resource struct {
	name       string // in snake_case
	mode       mode
	operations []*guarded // in the order of the spec, with the name that the spec gives them
}

// A guarded is an operation of the document, or several that have the same guard.
type guarded struct {
	method, name string
	access       access
	routes       []*route
}

// String returns METHOD or METHOD/name.
func (g *guarded) String() string {
	if g.name == "" {
		return g.method
	}
	return g.method + "/" + g.name
}

// A route is an operation of the document with its place among the resources.
type route struct {
	*operation
	access  access
	words   []string // of its resource
	version string   // of the API, "" if its path has none
	name    string   // of the operation in it, "" for the method itself
	object  string   // the parameter that identifies an object of the resource, "" if none does
}

// segments returns the parts of a path between slashes. A custom verb after a colon is a
// part as well, and so are the words of a path such as /chat.postMessage.
func segments(path string) []string {
	var list []string
	for s := range strings.SplitSeq(path, "/") {
		if s == "" {
			continue
		}
		if i := strings.LastIndexByte(s, ':'); i > 0 && !strings.ContainsRune(s[i:], '}') {
			list = append(list, segments(s[:i])...)
			list = append(list, s[i+1:])
			continue
		}
		if !strings.Contains(s, "{") && !isVersion(s) && strings.Contains(strings.Trim(s, "."), ".") {
			list = append(list, strings.Split(strings.Trim(s, "."), ".")...)
			continue
		}
		list = append(list, s)
	}
	return list
}

func isParameter(segment string) bool { return strings.Contains(segment, "{") }

var version = regexp.MustCompile(`^v?[0-9]+(\.[0-9]+)*((alpha|beta)[0-9]*)?$`)

// isVersion reports whether a part of a path is a version of the API.
func isVersion(segment string) bool { return version.MatchString(segment) && segment != "0" }

// byPath places operations by their paths. A path that ends with a word is a resource if
// it has several methods, or if other paths go on from it; else its last word is the name
// of an operation of what stands before it.
func byPath(routes []*route) {
	parts := map[string][]string{} // by path
	methods := map[string]int{}
	for _, r := range routes {
		if parts[r.path] == nil {
			parts[r.path] = segments(r.path)
		}
		methods[r.path]++
	}
	inner := map[string]bool{} // what other paths go on from
	item := map[string]bool{}  // collections whose members have paths
	for _, list := range parts {
		for i := 1; i < len(list); i++ {
			inner[strings.Join(list[:i], "/")] = true
		}
		if n := len(list); n > 1 && isParameter(list[n-1]) {
			item[strings.Join(list[:n-1], "/")] = true
		}
	}
	for _, r := range routes {
		list := parts[r.path]
		last := len(list) - 1
		leaf := last > 0 && isWord(list[last]) && !inner[strings.Join(list, "/")] && methods[r.path] == 1 && len(r.below(list[:last])) > 0
		switch {
		case leaf:
			r.name = snake(list[last])
			list = list[:last]
		case r.method == "GET" && item[strings.Join(list, "/")]:
			r.name = "list"
		case r.method != "POST" && item[strings.Join(list, "/")]:
			r.name = "all"
		case r.method == "POST" && last > 0 && isParameter(list[last]):
			r.name = "item"
		}
		r.words = r.below(list)
		r.object = object(list)
	}
	mergeVersions(routes)
}

// below returns the words of a path that can name a resource, and sets the version of the
// API: without parameters, versions and a first /api. It does not depend on other paths,
// so that a new one leaves the names as they are.
func (r *route) below(list []string) []string {
	list = list[min(len(segments(r.base)), len(list)):]
	if len(list) > 0 && slices.Contains([]string{"api", "apis", "rest"}, list[0]) {
		list = list[1:]
	}
	var words []string
	for _, s := range list {
		switch {
		case isVersion(s):
			r.version = cmp.Or(r.version, s)
		case isWord(s):
			words = append(words, s)
		}
	}
	return words
}

// object returns the name of the parameter with which a path ends, "" if it does not.
func object(segments []string) string {
	if n := len(segments); n > 0 && strings.HasPrefix(segments[n-1], "{") && strings.HasSuffix(segments[n-1], "}") {
		return strings.Trim(segments[n-1], "{}")
	}
	return ""
}

// isWord reports whether a part of a path can be a word of a resource's name.
func isWord(segment string) bool { return !isParameter(segment) && snake(segment) != "" }

// mergeVersions gives the resources that several versions of an API have a word for their
// version, apart from those of the first one.
func mergeVersions(routes []*route) {
	first := map[string]string{}
	for _, r := range routes {
		name := strings.Join(r.words, "/")
		if v, ok := first[name]; !ok || r.version < v {
			first[name] = r.version
		}
	}
	for _, r := range routes {
		if r.version != first[strings.Join(r.words, "/")] {
			r.words = append(slices.Clone(r.words), r.version)
		}
	}
}

// byTag places operations by their first tag. The operations of a tag are named by their
// operationIds, where one guard is not enough for a method.
func byTag(routes []*route) {
	for _, r := range routes {
		if r.words = strings.FieldsFunc(r.tag, func(c rune) bool { return c == '.' || c == '/' }); len(r.words) == 0 {
			r.words = []string{"untagged"}
		}
		if r.name = snake(r.id); r.name == "" {
			r.name = snake(r.path)
		}
		r.object = object(segments(r.path))
	}
}

// snake returns a text as a name of an operation: ASCII words in small letters, joined by
// underscores. It returns "" if the text has none.
func snake(text string) string {
	var b strings.Builder
	previous := '_'
	for _, c := range text {
		switch {
		case c > unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c):
			c = '_'
		case unicode.IsUpper(c) && (unicode.IsLower(previous) || unicode.IsDigit(previous)):
			b.WriteByte('_')
		}
		if c != '_' || previous != '_' {
			b.WriteRune(unicode.ToLower(c))
		}
		previous = c
	}
	return strings.TrimLeft(strings.Trim(b.String(), "_"), "0123456789_")
}

// group makes resources of operations that byPath or byTag has placed.
func group(routes []*route) []*resource {
	byName := map[string]*resource{}
	var list []*resource
	modes := map[string]map[mode]int{}
	for _, r := range routes {
		name := strings.Join(snakes(r.words), "_")
		if modes[name] == nil {
			modes[name] = map[mode]int{}
		}
		if !r.access.public {
			modes[name][r.access.mode()]++
		}
	}
	members := map[*resource][]*route{}
	for _, r := range routes {
		name := strings.Join(snakes(r.words), "_")
		m := r.access.mode()
		if r.access.public {
			m = mainMode(modes[name])
		}
		words := r.words
		if m != mainMode(modes[name]) {
			words = append(slices.Clone(words), m.suffix())
		}
		key := strings.Join(snakes(words), "_")
		for n := 2; byName[key] != nil && byName[key].mode != m; n++ {
			key = strings.Join(snakes(append(slices.Clone(words), fmt.Sprintf("%s%d", m.suffix(), n))), "_")
		}
		if byName[key] == nil {
			byName[key] = &resource{name: key, mode: m}
			list = append(list, byName[key])
		}
		members[byName[key]] = append(members[byName[key]], r)
	}
	for i := 0; i < len(list); i++ {
		res := list[i]
		var rest []*route
		if res.operations, rest = operations(members[res]); len(rest) > 0 {
			key := res.name + "_anonymous"
			for n := 2; byName[key] != nil; n++ {
				key = fmt.Sprintf("%s_anonymous%d", res.name, n)
			}
			byName[key] = &resource{name: key, mode: res.mode}
			list, members[byName[key]] = append(list, byName[key]), rest
		}
	}
	slices.SortFunc(list, func(a, b *resource) int { return strings.Compare(a.name, b.name) })
	return list
}

// snakes returns the words of a resource's name, at least one.
func snakes(words []string) []string {
	var list []string
	for _, w := range words {
		if s := snake(w); s != "" {
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return []string{"root"}
	}
	return list
}

// mainMode returns the mode of most operations of a resource.
func mainMode(count map[mode]int) mode {
	all := []mode{{true, false}, {true, true}, {false, true}, {false, false}}
	return slices.MaxFunc(all, func(a, b mode) int { return cmp.Compare(count[a], count[b]) })
}

// suffix returns the last word of the name of a resource that has the operations of
// another mode than the main one.
func (m mode) suffix() string {
	switch m {
	case mode{true, true}:
		return "any_token"
	case mode{true, false}:
		return "oauth2"
	case mode{false, true}:
		return "api_token"
	}
	return "login"
}

// operations merges the operations of a resource that have the same method and the same
// guard, and gives the others names. The guard without a name is that of most operations.
//
// An anonymous operation has no requirement of its own in a spec. It has a name, and takes
// its requirement from the guard without one. Those with yet another requirement are
// returned as the rest.
func operations(routes []*route) (list []*guarded, rest []*route) {
	byMethod := map[string][]*route{}
	for _, r := range routes {
		byMethod[verb(r.method)] = append(byMethod[verb(r.method)], r)
	}
	for _, method := range slices.Sorted(maps.Keys(byMethod)) {
		rs := byMethod[method]
		slices.SortStableFunc(rs, func(a, b *route) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.path, b.path)) })
		plain := plainAccess(rs)
		named := map[string]*guarded{"": {method: method, access: plain}}
		list = append(list, named[""])
		for _, r := range rs {
			if r.access.anonymous && r.access.oauth2() && r.access.token().key() != plain.key() {
				rest = append(rest, r)
				continue
			}
			name := r.name
			if r.access.key() == plain.key() {
				name = ""
			} else if name == "" {
				name = cmp.Or(snake(r.id), snake(r.path), "other")
			}
			for n, base := 2, name; named[name] != nil && named[name].access.key() != r.access.key(); n++ {
				name = fmt.Sprintf("%s_%d", base, n)
			}
			if named[name] == nil {
				named[name] = &guarded{method: method, name: name, access: r.access}
				list = append(list, named[name])
			}
			named[name].routes = append(named[name].routes, r)
		}
	}
	slices.SortFunc(list, func(a, b *guarded) int { return annotations.CompareOperations(a.String(), b.String()) })
	return list, rest
}

// verb returns the method whose guard answers a method: HEAD follows GET.
func verb(method string) string {
	if method == "HEAD" {
		return "GET"
	}
	return method
}

// plainAccess returns the guard that a method has without a name: the one that an
// anonymous operation takes its requirement from, else that of an operation without a name,
// else that of most operations.
func plainAccess(routes []*route) access {
	count := map[string]int{}
	for _, r := range routes {
		if r.access.anonymous && r.access.oauth2() {
			return r.access.token()
		}
		count[r.access.key()]++
	}
	best := routes[0].access
	for _, r := range routes {
		if r.name == "" {
			return r.access
		}
		if count[r.access.key()] > count[best.key()] {
			best = r.access
		}
	}
	return best
}
