package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func pageOf(t testing.TB, api *API) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, api); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// text returns what a page says, without tags.
func text(page string) string {
	page = strings.ReplaceAll(page, "<wbr>", "")
	body := regexp.MustCompile(`(?s)^.*</head>|<script>.*</script>`).ReplaceAllString(page, "")
	return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " "))), " ")
}

// TestHTML checks what the page says without its script.
func TestHTML(t *testing.T) {
	api := &API{
		Module: "example.com/notes",
		Scopes: []Scope{
			{Name: "admin"}, {Name: "note:read", Text: "See your notes"},
			{Name: "note:write", Text: "Change your notes", Implies: []string{"note:read"}},
		},
		Resources: []Resource{{
			ID: "note", Name: "note", Package: "notes", Dir: "internal/notes", Type: "NoteResource", Description: "A note.", OAuth2: true, APITokens: true,
			Grants: map[string][]string{"note:read": {"note:write"}},
			Operations: []Operation{
				{Name: "DELETE", Method: "DELETE", Action: "destroy", Requires: [][]string{{"note:write", "note:destroy"}, {"admin"}}, ACR: []string{"gold", "silver"}, MaxAge: 300},
				{Name: "GET", Method: "GET", Action: "read", Anonymous: true, APITokens: true, Requires: [][]string{{"note:read"}}, Routes: []RouteRef{{"GET", "/notes/{id}"}, {"GET", ""}}},
				{Name: "POST", Method: "POST", Action: "write", Public: true},
				{Name: "POST/archive", Method: "POST", Action: "archive", Authenticated: true},
			},
		}, {
			ID: "audit", Package: "audit", Dir: ".", Type: "Log", APITokens: true, Unmounted: true,
			Operations: []Operation{{Name: "GET", Method: "GET", Action: "read", APITokens: true}, {Name: "PUT", Method: "PUT", Action: "write"}},
		}},
		Routes: []Route{
			{Methods: []string{"GET"}, Pattern: "/notes/{id}", Guard: Guarded, Guards: []Call{{"note", "GET"}, {"audit", "GET"}}, By: "an allow list"},
			{Methods: []string{"GET"}, Pattern: "/debug", Guard: Unguarded, Handler: "main.debug"},
			{Pattern: "", Guard: Unknown, Handler: "?", Reason: "its handler comes out of a map"},
			{Methods: []string{"GET"}, Pattern: "/health", Guard: Public, Why: "a balancer asks", Handler: "main.health"},
			{Methods: []string{"POST"}, Pattern: "/hooks", Guard: Wrapped, By: "a signature", Handler: "main.hook"},
		},
		Unread: []Place{{File: "server.go", Line: 12, Reason: "a router is behind an interface"}, {Reason: "no main package"}},
	}
	page := pageOf(t, api)
	if again := pageOf(t, api); again != page {
		t.Error("the second page is another one")
	}
	got := text(page)
	for _, want := range []string{
		"example.com/notes : 6 operations of 2 resources, 3 scopes, 5 routes",
		"1 unguarded route No guard", "GET /debug unguarded main.debug",
		"1 route known in part only", "a pattern that is not known not readable its handler comes out of a map ?",
		"1 resource without a route", "audit.Log , no route",
		"2 places that could not be read", "server.go : a router is behind an interface", "no main package",
		"note:write Change your notes includes note:read alone opens 1 operation",
		"note A note. notes.NoteResource in internal/notes note:read is granted by note:write too",
		"DELETE destroy note:write and note:destroy or admin after a login of the class gold or silver, at most 5m ago none found",
		"GET read without credentials or with a token that has note:read or an API token whose policy allows it" +
			" GET /notes/{id} and GET of audit and an allow list GET a pattern that is not known",
		"POST write everybody no credentials are looked at none found", "POST/archive archive any OAuth2 token whatever its scopes none found",
		"GET read an API token whose policy allows it", "PUT write no token only requests that the server admits by itself",
		"GET /health public: a balancer asks main.health", "POST /hooks guarded by a wrapper: a signature main.hook",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{"Each route that was found", "12"} {
		if strings.Contains(got, never) {
			t.Errorf("the page says %q", never)
		}
	}
	if t.Failed() {
		t.Log(got)
	}

	api = &API{NotLookedAt: "the go command is not there"}
	if got := text(pageOf(t, api)); !strings.Contains(got, "Routes were not looked at, so that open ones are not listed: the go command is not there") {
		t.Error(got)
	}
	api = &API{Resources: []Resource{{ID: "note", Operations: []Operation{{Name: "GET", Method: "GET", Public: true}}}}}
	if got := text(pageOf(t, api)); !strings.Contains(got, "Each route that was found has a guard") {
		t.Error(got)
	}
}

// TestHTMLEscapes writes what no source should have.
func TestHTMLEscapes(t *testing.T) {
	const evil = `</script></style><script>alert(1)</script>"'><img src=x onerror=alert(1)><!--`
	api := &API{
		Module: evil, NotLookedAt: evil, Scopes: []Scope{{Name: evil, Text: evil, Implies: []string{evil}}},
		Resources: []Resource{{
			ID: evil, Package: evil, Dir: evil, Type: evil, Description: evil, OAuth2: true, Unmounted: true, Grants: map[string][]string{evil: {evil}},
			Operations: []Operation{{Name: evil, Method: evil, Action: evil, Requires: [][]string{{evil}}, ACR: []string{evil}, Routes: []RouteRef{{evil, evil}}}},
		}},
		Routes: []Route{{Methods: []string{evil}, Pattern: evil, Guard: Unguarded, Handler: evil, Reason: evil}, {Pattern: evil, Guard: Wrapped, By: evil}},
		Unread: []Place{{File: evil, Reason: evil}},
	}
	page := pageOf(t, api)
	if n := strings.Count(page, "<script"); n != 1 || strings.Contains(page, "<img") || strings.Contains(page, "<!--") {
		t.Errorf("%d scripts in\n%s", n, page)
	}
	if strings.Count(page, "</style>") != 1 || strings.Count(page, "</script>") != 1 {
		t.Error("a style or a script ends early")
	}
}

// TestHTMLDecides compares the page's decisions with those of [Resource.Opens], and what it
// says that operations need with all sets of scopes.
func TestHTMLDecides(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	scopes := []string{"a", "b:read", "c.x", "constructor", "__proto__", "é&<\"'`"}
	type answer struct {
		Opens [][]bool   // by set of scopes, by operation
		Needs [][]string // by neighbours that are needed: how many others a set opens, its size, and its scopes
	}
	var frames strings.Builder
	var want []answer
	var sets [][]string
	for bits := range 1 << len(scopes) {
		set := []string{}
		for i, s := range scopes {
			if bits>>i&1 == 1 {
				set = append(set, s)
			}
		}
		slices.Sort(set)
		sets = append(sets, set)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		api := randomAPI(random, scopes)
		frames.WriteString(frame(t, api))
		want = append(want, answer{opened(api, sets), needed(api, sets)})
	}
	var got []answer
	inChromium(t, &got, fmt.Sprintf(`%s<script>
const sets = %s;
onload = () => show([...document.querySelectorAll("iframe")].map(frame => {
  const {operations, opens, least} = frame.contentWindow.eval("({operations, opens, least})");
  const pairs = operations.slice(1).map((o, i) => [operations[i], o]);
  return {
    Opens: sets.map(set => operations.map(o => opens(o, new Set(set)))),
    Needs: pairs.map(two => least(two, operations.filter(o => !two.includes(o))).sets.map(s => [s.opens, s.scopes.length, ...s.scopes].join(" "))),
  };
}));
</script>`, frames.String(), jsonText(t, sets)))
	for _, a := range got {
		for _, list := range a.Needs {
			if !slices.IsSortedFunc(list, func(a, b string) int { return strings.Compare(a[:len("1 1")], b[:len("1 1")]) }) {
				t.Errorf("not the least powerful first: %q", list)
			}
			slices.Sort(list)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestHTMLFindsPaths looks for patterns that may serve a path, or one that begins with it.
func TestHTMLFindsPaths(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	type find struct {
		Pattern, Path string
		Found         bool
	}
	want := []find{
		{"/notes/{id}", "/notes/42", true}, {"/notes/:id", "/notes/42", true}, {"/notes/{id}", "/no", true}, {"/notes/{id}", "/notes/42/x", false},
		{"/notes", "/notes/", true}, {"/notes/", "/notes", true}, {"/Notes", "/notes", true}, {"/notes/{id}", "/note/42", false},
		{"/notes/{id}/archive", "/notes/42/arc", true}, {"/notes/{id}/archive", "/notes/42/x", false}, {"example.com/notes/{id}", "/notes/42", true},
		{"/files/{path...}", "/files/a/b", true}, {"/files/*path", "/files/a/b", true}, {"/{$}", "/", true}, {"/{$}", "/x", false},
		{"{?}/login", "/v1/login", true}, {"/a{?}/api", "/abc/api", true}, {"/a{?}/api", "/b", false}, {"", "/x", false},
	}
	var got []find
	inChromium(t, &got, fmt.Sprintf(`%s<script>
onload = () => show(%s.map(f => ({...f, Found: document.querySelector("iframe").contentWindow.serves(f.Pattern, f.Path)})));
</script>`, frame(t, &API{}), jsonText(t, want)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// frame returns the page of an API as a frame, whose scripts another one can call.
func frame(t *testing.T, api *API) string {
	page := strings.Replace(pageOf(t, api), "http-equiv", "data-without", 1)
	return fmt.Sprintf("<iframe srcdoc=\"%s\"></iframe>\n", html.EscapeString(page))
}

// inChromium decodes what a page shows, by the function show.
func inChromium(t *testing.T, shown any, page string) {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium in $PATH")
	}
	file := filepath.Join(t.TempDir(), "test.html")
	page = `<!doctype html><meta charset=utf-8><pre></pre><script>
const show = value => document.querySelector("pre").textContent = JSON.stringify(value);
</script>` + page
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, text, _ := bytes.Cut(out, []byte("<pre>"))
	text, _, _ = bytes.Cut(text, []byte("</pre>"))
	if err := json.Unmarshal([]byte(html.UnescapeString(string(text))), shown); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v) // with escapes for what is special in HTML
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func randomAPI(random *rand.Rand, scopes []string) *API {
	some := func(most int) []string {
		var list []string
		for _, i := range random.Perm(len(scopes))[:1+random.IntN(most)] {
			list = append(list, scopes[i])
		}
		return list
	}
	api := &API{}
	for i := range 3 {
		r := Resource{ID: fmt.Sprint("r", i), OAuth2: random.IntN(5) > 0, Grants: map[string][]string{}}
		for range random.IntN(3) {
			scope := scopes[random.IntN(len(scopes))]
			r.Grants[scope] = slices.DeleteFunc(some(2), func(s string) bool { return s == scope })
		}
		for _, name := range []string{"GET", "POST", "POST/archive"} {
			o := Operation{Name: name, Method: strings.Split(name, "/")[0]}
			switch open := random.IntN(8); {
			case open == 0:
				o.Public = true
			case !r.OAuth2:
				o.APITokens = true
			case open == 1:
				o.Authenticated = true
			default:
				o.Anonymous = open == 2
				for range 1 + random.IntN(3) {
					o.Requires = append(o.Requires, some(3))
				}
			}
			r.Operations = append(r.Operations, o)
		}
		api.Resources = append(api.Resources, r)
	}
	return api
}

// operation is one with its resource.
type operation struct {
	r *Resource
	o *Operation
}

func (o operation) opens(set []string) bool { return o.r.Opens(o.o, set) }

func operations(api *API) []operation {
	var list []operation
	for i := range api.Resources {
		for j := range api.Resources[i].Operations {
			list = append(list, operation{&api.Resources[i], &api.Resources[i].Operations[j]})
		}
	}
	return list
}

func opened(api *API, sets [][]string) [][]bool {
	var list [][]bool
	for _, set := range sets {
		var row []bool
		for _, o := range operations(api) {
			row = append(row, o.opens(set))
		}
		list = append(list, row)
	}
	return list
}

// needed returns for each two neighbours the sets that open both and of which no scope can
// be left out.
func needed(api *API, sets [][]string) [][]string {
	all := operations(api)
	list := [][]string{}
	for i := range all[1:] {
		texts := []string{}
		for _, set := range sets {
			without := func(i int) []string { return slices.Delete(slices.Clone(set), i, i+1) }
			both := func(set []string) bool { return all[i].opens(set) && all[i+1].opens(set) }
			minimal := both(set)
			for j := range set {
				minimal = minimal && !both(without(j))
			}
			if !minimal {
				continue
			}
			opens := 0
			for j, o := range all {
				if j != i && j != i+1 && !o.o.Public && !o.o.Anonymous && !o.o.Authenticated && o.opens(set) {
					opens++
				}
			}
			texts = append(texts, strings.Join(append([]string{fmt.Sprint(opens), fmt.Sprint(len(set))}, set...), " "))
		}
		slices.Sort(texts)
		list = append(list, texts)
	}
	return list
}

func BenchmarkHTML(b *testing.B) {
	api := large(1000)
	var size counter
	for b.Loop() {
		size = 0
		if err := HTML(&size, api); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size), "bytes")
}

// A counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// large returns an API with n resources, four operations each.
func large(n int) *API {
	api := &API{Module: "example.com/shop"}
	for i := range n {
		name := fmt.Sprint("order", i)
		read, write, destroy := name+":read", name+":write", name+":destroy"
		api.Scopes = append(api.Scopes, Scope{Name: destroy, Text: "Remove orders of the department"}, Scope{Name: read, Text: "See the orders of the department"},
			Scope{Name: write, Text: "Change the orders of the department", Implies: []string{read}})
		r := Resource{
			ID: name, Name: name, Package: "api", Dir: "internal/api", Type: fmt.Sprint("Order", i, "Resource"), OAuth2: true,
			Description: fmt.Sprint("The orders of department ", i, ", with their items."), Grants: map[string][]string{read: {write}},
		}
		for _, o := range []Operation{
			{Name: "DELETE", Action: "destroy", Requires: [][]string{{destroy, write}, {"admin"}}}, {Name: "GET", Action: "read", Requires: [][]string{{read}}},
			{Name: "POST", Action: "write", Requires: [][]string{{write}}}, {Name: "PUT", Action: "write", Requires: [][]string{{write}}},
		} {
			o.Method = o.Name
			o.Routes = []RouteRef{{o.Method, fmt.Sprint("/api/departments/", i, "/orders/{order}")}}
			r.Operations = append(r.Operations, o)
			api.Routes = append(api.Routes, Route{Methods: []string{o.Method}, Pattern: o.Routes[0].Pattern, Guard: Guarded, Guards: []Call{{name, o.Name}}})
		}
		api.Resources = append(api.Resources, r)
	}
	return api
}
