// Package lockfile reads and writes webapi.lock, the file that says on one line
// for each resource and method of a module who may use it.
//
// Generated code is often left out of reviews. A lock file is not: every change
// of who may do what is a line of its diff.
//
//	# comment
//	api.NoteResource DELETE oauth2 note:destroy + note:write or admin
//	api.NoteResource GET anonymous,oauth2 note:read
//	resource api.NoteResource name=note policy=note+folder key=id+- A note.
//	public api.HealthResource nothing to hide
//	scope api note:read See your notes
//
// The first word of a line of access is the type, with the folder of its package
// below the module before its last dot; a type of the module's root begins with
// the dot. Then come the method, what is accepted (see [Access]), and, where
// OAuth2 tokens are, the requirement: scopes joined by + are all needed, and "or"
// stands between alternatives. In the line of a resource + joins its policy ID and
// key with those of its super, and a key that there is not is "-". A scope may be any word, so + and or are known by
// their place alone: every second word is one.
package lockfile

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
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

// Name is the name of a lock file, which lies beside go.mod.
const Name = "webapi.lock"

// A File is the content of a lock file. The zero value says that there is no
// resource.
type File struct {
	Access    []Access   // by type, then method
	Resources []Resource // by type
	Public    []Public   // by name
	Scopes    []Scope    // by folder, then value
}

// An Access says who may use one method of a resource. Where no field but Type
// and Method is set, the method is answered, but open to nobody.
type Access struct {
	Type      string // FOLDER.TYPE; ".TYPE" in the module's root
	Method    string
	Anonymous bool       // a request without any credentials is let through
	APITokens bool       // API tokens are accepted, as their policy says
	OAuth2    bool       // OAuth2 tokens are accepted that meet Requires
	Requires  [][]string // alternatives, each a list of scopes that are all needed
}

// A Resource is what a lock file says of a resource besides its methods.
type Resource struct {
	Type        string
	Name        string
	Policies    []Policy // all must allow what an API token is for: its own, then those of the resources that it has as its super
	Description string   // may be ""
}

// A Policy is what the policy of an API token is asked for.
type Policy struct {
	ID  string
	Key string // the path value that identifies an object; may be ""
}

// A Public is a type or function that is unguarded on purpose.
type Public struct {
	Name   string // FOLDER.TYPE, FOLDER.FUNCTION or FOLDER.TYPE:METHOD
	Reason string
}

// A Scope is an entry of the catalogue.
type Scope struct {
	Folder string // of the package that yields or declares it, "." for the module's root
	Value  string
	Text   string // for people; may be ""
}

// Sort brings all parts into the order in which they are written.
func (f *File) Sort() {
	slices.SortFunc(f.Access, func(a, b Access) int {
		return cmp.Or(strings.Compare(a.Type, b.Type), strings.Compare(a.Method, b.Method))
	})
	slices.SortFunc(f.Resources, func(a, b Resource) int { return strings.Compare(a.Type, b.Type) })
	slices.SortFunc(f.Public, func(a, b Public) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Reason, b.Reason))
	})
	slices.SortFunc(f.Scopes, func(a, b Scope) int {
		return cmp.Or(strings.Compare(a.Folder, b.Folder), strings.Compare(a.Value, b.Value), strings.Compare(b.Text, a.Text))
	})
	f.Scopes = slices.CompactFunc(f.Scopes, func(a, b Scope) bool { return a.Folder == b.Folder && a.Value == b.Value })
}

// Drop takes out of the file what it says of some folders.
func (f *File) Drop(folder func(string) bool) {
	f.Access = slices.DeleteFunc(f.Access, func(a Access) bool { return folder(Folder(a.Type)) })
	f.Resources = slices.DeleteFunc(f.Resources, func(r Resource) bool { return folder(Folder(r.Type)) })
	f.Public = slices.DeleteFunc(f.Public, func(p Public) bool { return folder(Folder(p.Name)) })
	f.Scopes = slices.DeleteFunc(f.Scopes, func(s Scope) bool { return folder(s.Folder) })
}

// Add puts into the file what another one says. It is to be sorted afterwards.
func (f *File) Add(more *File) {
	f.Access = append(f.Access, more.Access...)
	f.Resources = append(f.Resources, more.Resources...)
	f.Public = append(f.Public, more.Public...)
	f.Scopes = append(f.Scopes, more.Scopes...)
}

// typeIn returns the type of a folder's package as a lock file has it.
func typeIn(folder, name string) string {
	if folder == "." {
		folder = ""
	}
	return folder + "." + name
}

// Folder returns the folder of a type's package below the module, "." for the
// module's root.
func Folder(typ string) string {
	if dot := strings.LastIndexByte(typ, '.'); dot > 0 {
		return typ[:dot]
	}
	return "."
}
