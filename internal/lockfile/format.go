package lockfile

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
)

// The comment that a lock file begins with.
const preface = `# Who may do what: a line for each resource and method. It is written by
# webapi-gen lock; review it, do not edit it. HEAD is as GET.
#
#     FOLDER.TYPE METHOD ACCEPTED REQUIREMENT
#
# What + joins is all needed; "or" stands between alternatives.
`

// The words of a lock file.
const (
	anonymous = "anonymous"
	apiTokens = "apitokens"
	oauth2    = "oauth2"
	closed    = "closed" // accepted is nothing
	noKey     = "-"

	and = "+"
	or  = "or"

	resourceWord = "resource"
	publicWord   = "public"
	scopeWord    = "scope"
)

// Format returns the text of the file, which must be sorted.
func (f *File) Format() []byte {
	var b bytes.Buffer
	b.WriteString(preface)
	last := ""
	for _, a := range f.Access {
		if a.Type != last {
			b.WriteByte('\n')
			last = a.Type
		}
		fmt.Fprintln(&b, a)
	}
	for i, r := range f.Resources {
		section(&b, i)
		fmt.Fprintln(&b, r)
	}
	for i, p := range f.Public {
		section(&b, i)
		fmt.Fprintln(&b, p)
	}
	for i, s := range f.Scopes {
		section(&b, i)
		fmt.Fprintln(&b, s)
	}
	return b.Bytes()
}

// IsLock reports whether a text is that of a lock file, if only of a damaged one.
func IsLock(text []byte) bool {
	first, _, _ := strings.Cut(preface, "\n")
	return bytes.Contains(text, []byte(first))
}

// section separates the first line of a section from what stands before.
func section(b *bytes.Buffer, i int) {
	if i == 0 {
		b.WriteByte('\n')
	}
}

// String returns the line of an access.
func (a Access) String() string {
	line := a.Type + " " + a.Method + " " + a.Accepted()
	if a.OAuth2 {
		line += " " + Requirement(a.Requires)
	}
	return line
}

// Accepted returns what a method accepts, as a lock file has it.
func (a Access) Accepted() string {
	var list []string
	if a.Anonymous {
		list = append(list, anonymous)
	}
	if a.APITokens {
		list = append(list, apiTokens)
	}
	if a.OAuth2 {
		list = append(list, oauth2)
	}
	if list == nil {
		return closed
	}
	return strings.Join(list, ",")
}

// Requirement returns a requirement as a lock file has it.
func Requirement(alternatives [][]string) string {
	list := make([]string, len(alternatives))
	for i, all := range alternatives {
		list[i] = strings.Join(all, " "+and+" ")
	}
	return strings.Join(list, " "+or+" ")
}

// String returns the line of a resource.
func (r Resource) String() string {
	var ids, keys []string
	for _, p := range r.Policies {
		ids = append(ids, p.ID)
		keys = append(keys, cmp.Or(p.Key, noKey))
	}
	line := fmt.Sprintf("%s %s name=%s policy=%s key=%s", resourceWord, r.Type, r.Name, strings.Join(ids, and), strings.Join(keys, and))
	if r.Description != "" {
		line += " " + r.Description
	}
	return line
}

// String returns the line of what is public.
func (p Public) String() string { return publicWord + " " + p.Name + " " + p.Reason }

// String returns the line of a scope.
func (s Scope) String() string {
	return strings.TrimRight(scopeWord+" "+s.Folder+" "+s.Value+" "+s.Text, " ")
}
