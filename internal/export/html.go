package export

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/webapi-gen/webapi-gen/model"
)

//go:embed page
var pageFiles embed.FS

// pageTemplate is not parsed by commands that write no page, which is most of them.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page.html").Funcs(template.FuncMap{
		"count": count,
		"path":  breakable,
		"json":  func(v any) (string, error) { text, err := json.Marshal(v); return string(text), err },
	}).ParseFS(pageFiles, "page/page.html"))
})

// HTML writes an API as a page that needs no other file and no network: a matrix of who may
// call what, in which a script searches, and shows what a token opens and what some
// operations need. It is complete without the script.
func HTML(w io.Writer, api *API) error {
	css, js := pageFile("page.css"), pageFile("decide.js")+pageFile("page.js")
	p := page{API: api, CSS: template.CSS(css), JS: template.JS(js), alone: map[string]int{}, calls: map[RouteRef][]Route{}}
	p.Policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", hash(css), hash(js))
	for i := range api.Resources {
		r := &api.Resources[i]
		for j := range r.Operations {
			for _, scope := range r.openers(&r.Operations[j]) {
				p.alone[scope]++
			}
		}
	}
	for _, route := range api.Routes {
		for _, method := range route.Methods {
			ref := RouteRef{method, route.Pattern}
			p.calls[ref] = append(p.calls[ref], route)
		}
	}
	return pageTemplate().Execute(w, p)
}

func pageFile(name string) string {
	text, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text)
}

// hash returns how a Content-Security-Policy names a style sheet or a script.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprint(n, " ", what, "s")
}

// breakable returns a pattern that browsers break before its slashes.
func breakable(pattern string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(pattern), "/", "<wbr>/"))
}

// A page is what the template shows.
type page struct {
	*API
	Policy string // Content-Security-Policy
	CSS    template.CSS
	JS     template.JS
	alone  map[string]int // how many operations a scope opens without others
	calls  map[RouteRef][]Route
}

// openers returns the scopes of which each alone meets what the operation requires.
func (r *Resource) openers(o *Operation) []string {
	if o.Public || o.Authenticated {
		return nil
	}
	var list []string
	for _, all := range o.Requires {
		for _, scope := range all {
			list = append(append(list, scope), r.Grants[scope]...)
		}
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(scope string) bool { return !r.Opens(o, []string{scope}) })
}

// Alone returns how many operations a scope opens that a token without scopes does not.
func (p page) Alone(scope string) int { return p.alone[scope] }

// Operations returns the number of operations.
func (p page) Operations() int {
	n := 0
	for _, r := range p.Resources {
		n += len(r.Operations)
	}
	return n
}

// Fine reports whether nothing has to be looked at first.
func (p page) Fine() bool {
	return p.NotLookedAt == "" && len(p.Unread)+len(p.Unguarded())+len(p.NotReadable())+len(p.Unmounted()) == 0
}

// Unguarded returns the routes before which nothing that is known stands.
func (p page) Unguarded() []Route {
	return p.routes(func(r Route) bool { return r.Guard == Unguarded })
}

// NotReadable returns other routes of which something is not known.
func (p page) NotReadable() []Route {
	return p.routes(func(r Route) bool { return r.Guard != Unguarded && (r.Guard == Unknown || r.Reason != "") })
}

// Others returns the routes that are open on purpose or guarded by a wrapper.
func (p page) Others() []Route {
	return p.routes(func(r Route) bool { return r.Guard == Public || r.Guard == Wrapped })
}

func (p page) routes(keep func(Route) bool) []Route {
	return slices.DeleteFunc(slices.Clone(p.Routes), func(r Route) bool { return !keep(r) })
}

// Unmounted returns the resources whose guard no route has.
func (p page) Unmounted() []Resource {
	return slices.DeleteFunc(slices.Clone(p.Resources), func(r Resource) bool { return !r.Unmounted })
}

// Open returns to whom an operation is open without scopes: public, authenticated or
// anonymous; "" if to nobody.
func (p page) Open(r Resource, o Operation) string {
	switch {
	case o.Public:
		return "public"
	case o.Authenticated && r.OAuth2:
		return "authenticated"
	case o.Anonymous:
		return "anonymous"
	}
	return ""
}

// Besides returns what else has to let a request of a route through, other than an operation.
func (p page) Besides(ref RouteRef, resource, operation string) []string {
	own := Call{resource, operation}
	var list []string
	for _, route := range p.calls[ref] {
		if !slices.Contains(route.Guards, own) {
			continue
		}
		for _, c := range route.Guards {
			if c != own {
				list = append(list, "and "+c.Operation+" of "+c.Resource)
			}
		}
		if route.By != "" {
			list = append(list, "and "+route.By)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Who is whom an operation is open to.
type who struct {
	Operation
	OAuth2 bool
}

// Who returns whom an operation is open to.
func (p page) Who(r Resource, o Operation) who { return who{o, r.OAuth2} }

// Some reports whether anybody without an API token may call the operation.
func (w who) Some() bool {
	return w.Public || w.Anonymous || w.Authenticated && w.OAuth2 || len(w.Requires) > 0
}

// Nobody reports whether no token opens the operation.
func (w who) Nobody() bool { return !w.Some() && !w.APITokens }

// Login returns what the user's login has to be like; "" if any will do.
func (w who) Login() string {
	var list []string
	if len(w.ACR) > 0 {
		list = append(list, "of the class "+strings.Join(w.ACR, " or "))
	}
	if w.MaxAge > 0 {
		list = append(list, "at most "+model.FormatAge(time.Duration(w.MaxAge)*time.Second)+" ago")
	}
	if len(list) == 0 {
		return ""
	}
	return "after a login " + strings.Join(list, ", ")
}
