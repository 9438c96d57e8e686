// Package lockfile reads and writes webapi.lock, which has a line for each
// resource and method of a module with what gives access to it.
//
// Generated code is often left out of reviews. A lock file is not: every change
// of access is a line of its diff.
//
//	# comment
//	api.NoteResource DELETE oauth2 note:destroy + note:write or admin
//	api.NoteResource GET anonymous,oauth2 note:read
//	api.NoteResource POST public
//	api.NoteResource POST/archive authenticated
//	api.NoteResource POST/reset oauth2,acr=gold|silver,maxage=5m note:write
//	resource api.NoteResource name=note policy=note+folder key=id+- A note.
//	public api.HealthResource nothing to hide
//	scope api note:read See your notes
//	route DELETE /notes/{id} api.NoteResource -> api.NoteResource.remove
//	route none api.TagResource
//	uses webapi.WithUnscopedAccess in api.login
//	uses webapi.Token in api.verify (2 times)
//
// The first word of a line of access is the type, with the folder of its package
// relative to the module before its last dot; a type of the module's root begins
// with the dot. The method or named operation follows, then what is accepted: public
// stands alone and accepts everything, authenticated any OAuth2 token. In the same word, acr
// lists the accepted values of the user's login, the preferred one first, and maxage says how
// long ago it may have been; for a login without a token they are needed as well, and API
// tokens are not accepted. Where oauth2 is
// accepted, the requirement follows: scopes joined by + are all required, and "or"
// separates alternatives. A scope may be any word, so + and or are known by their position
// alone: every second word is one. In the line of a resource + joins its policy ID
// and key with those of its super; - stands for no key.
//
// A route has what stands before its handler: guards and a wrapper, joined by +, or
// public, unguarded or not-readable. A type or function of another module has the import
// path of its package in quotes. A line of a route has no line number, so that it changes
// with the route alone. After "in" it says where something is not known, and what. A
// module has lines of routes if [ReadRoutes] has read them: route none if there is no
// other. A line of uses has what a function does to decide who a request is or what it may
// do, the function, and how often if that is more than once.
package lockfile

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/model"
)

// Name is the name of a lock file, which lies beside go.mod.
const Name = "webapi.lock"

// The comment at the top of a lock file.
const preface = `# Who may do what: a line for each resource and method. It is written by
# webapi-gen lock; review it, do not edit it. HEAD is as GET.
#
#     FOLDER.TYPE METHOD ACCEPTED REQUIREMENT
#
# What + joins is all needed; "or" stands between alternatives.
`

// The words of a lock file.
const (
	anonymous     = "anonymous"
	apiTokens     = "apitokens"
	authenticated = "authenticated" // accepts any OAuth2 token
	oauth2        = "oauth2"
	public        = "public" // accepts everything
	closed        = "closed" // accepts nothing
	noKey         = "-"

	and = "+"
	or  = "or"

	resourceWord = "resource"
	publicWord   = "public"
	scopeWord    = "scope"

	head = "HEAD" // has no line: it is as GET
)

// isLock reports whether a text is that of a lock file, even if a damaged one, or nothing
// that could be lost.
func isLock(text []byte) bool {
	first, _, _ := strings.Cut(preface, "\n")
	return len(bytes.TrimSpace(text)) == 0 || bytes.Contains(text, []byte(first))
}

// Format returns the text of the lock file of a module with the packages, of which
// Dir is relative to the module, and with the routes, if they are not nil. It leaves out
// types of tests.
func Format(packages []*model.Package, routes *Routes) []byte {
	var access, resources, unguarded, scopes []string
	texts := map[string]string{} // of scopes, by FOLDER SCOPE
	for _, pkg := range packages {
		if pkg.External {
			continue
		}
		yielded := slices.Clone(pkg.Scopes)
		for _, r := range pkg.Catalogued() {
			typ := QualifiedName(pkg, r.Type)
			resources = append(resources, Resource(typ, r))
			for _, m := range r.Methods {
				if m.Name != head {
					access = append(access, typ+" "+m.Name+" "+Access(r, m))
				}
			}
			yielded = append(yielded, r.Scopes...)
		}
		for _, p := range pkg.Public {
			unguarded = append(unguarded, Public(QualifiedName(pkg, p.Name), p.Reason))
		}
		for _, s := range yielded {
			if s.Text != "" || s.Action != "" { // else another package declares it
				name := filepath.ToSlash(pkg.Dir) + " " + s.Value
				texts[name] = max(texts[name], s.Text)
			}
		}
	}
	for name, text := range texts {
		scopes = append(scopes, strings.TrimRight(scopeWord+" "+name+" "+text, " "))
	}
	b := bytes.NewBufferString(preface)
	slices.Sort(access)
	last := ""
	for _, line := range access {
		if typ, _, _ := strings.Cut(line, " "); typ != last {
			b.WriteByte('\n')
			last = typ
		}
		fmt.Fprintln(b, line)
	}
	for _, section := range [][]string{resources, unguarded, scopes} {
		slices.Sort(section)
		if len(section) > 0 {
			fmt.Fprintf(b, "\n%s\n", strings.Join(section, "\n"))
		}
	}
	if routes != nil {
		routes.format(b)
	}
	return b.Bytes()
}

// Access returns what a method accepts, as its line has it after the type and
// the method.
func Access(r *model.Resource, m model.Method) string {
	text := accepted(m, r.APITokens, r.OAuth2)
	if m.Public || m.Authenticated || !r.OAuth2 {
		return text
	}
	alternatives := m.Requires.Canonical().Values()
	list := make([]string, len(alternatives))
	for i, all := range alternatives {
		list[i] = strings.Join(all, " "+and+" ")
	}
	return text + " " + strings.Join(list, " "+or+" ")
}

// accepted returns the word for what a method accepts.
func accepted(m model.Method, withAPIToken, withOAuth2 bool) string {
	if m.Public {
		return public
	}
	withAPIToken = withAPIToken && !m.StepUp.Needed()
	var list []string
	for _, word := range []struct {
		text     string
		accepted bool
	}{
		{anonymous, m.Anonymous}, {apiTokens, withAPIToken}, {authenticated, m.Authenticated}, {oauth2, withOAuth2 && !m.Authenticated},
	} {
		if word.accepted {
			list = append(list, word.text)
		}
	}
	if list == nil {
		list = append(list, closed)
	}
	return strings.Join(append(list, m.StepUp.Words()...), ",")
}

// Resource returns the line of a resource.
func Resource(typ string, r *model.Resource) string {
	var ids, keys []string
	for base := r; ; base = base.Super.Base {
		ids = append(ids, base.Policy)
		keys = append(keys, cmp.Or(base.Key, noKey))
		if base.Super == nil {
			break
		}
	}
	line := fmt.Sprintf("%s %s name=%s policy=%s key=%s", resourceWord, typ, r.Name, strings.Join(ids, and), strings.Join(keys, and))
	if r.Description != "" {
		line += " " + r.Description
	}
	return line
}

// Public returns the line of a type, function or method that is unguarded on
// purpose.
func Public(name, reason string) string { return publicWord + " " + name + " " + reason }

// QualifiedName returns the name of a type or function of a package as a lock file
// has it: FOLDER.NAME, or .NAME in the module's root.
func QualifiedName(pkg *model.Package, name string) string {
	folder := filepath.ToSlash(pkg.Dir)
	if folder == "." {
		folder = ""
	}
	return folder + "." + name
}

func isQualified(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	return dot >= 0 && name[:dot] != "." // the module's root is not written
}

// splitName returns the folder, "." for the module's root, and the name of a
// qualified name.
func splitName(qualified string) (folder, name string) {
	dot := strings.LastIndexByte(qualified, '.')
	return cmp.Or(qualified[:dot], "."), qualified[dot+1:]
}
