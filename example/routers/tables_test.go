package routers

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// A table is Go source that registers handlers with a router.
type table struct {
	*rand.Rand
	framework string
	number    int
	ids       int
	decls     strings.Builder // at the top level of the file
	body      strings.Builder // of the function that is being written
	outside   bool            // what is being written stands at the top level
	seen      map[string]bool // methods and patterns
	engine    *gin.Engine     // refuses what conflicts
	targets   []string        // paths that are served, or almost
}

// source returns the source of a file that declares build and a number.
func (t *table) source() string {
	gin.SetMode(gin.ReleaseMode)
	t.seen, t.engine = map[string]bool{}, gin.New()
	result := ""
	switch t.framework {
	case "mux":
		t.line("root := http.NewServeMux()")
		t.muxRoutes("root", http.NewServeMux(), "", 0)
		result = t.wrapped("root", 0.2)
	case "chi":
		t.line("root := chi.NewRouter()")
		t.chiRoutes("root", "", 0, true)
		result = t.wrapped("root", 0.2)
	case "gins":
		t.line("root := gin.New()\nroot.RedirectTrailingSlash = false") // it prefers some redirects to patterns
		t.ginRoutes("root", "", 0)
		result = t.wrapped("root", 0.1)
	case "echo":
		t.line("root := echo.New()")
		t.echoRoutes("root", "", 0)
		result = t.wrapped("root", 0.1)
	}
	imports := map[string]string{
		"mux": ``, "chi": `"github.com/go-chi/chi/v5"`,
		"gins": "\"github.com/gin-gonic/gin\"\nginapi \"github.com/webapi-gen/webapi-gen/adapters/gin\"",
		"echo": "\"github.com/labstack/echo/v5\"\nechoapi \"github.com/webapi-gen/webapi-gen/adapters/echo5\"",
	}
	used := map[string]string{"mux": "http.NewServeMux", "chi": "chi.NewRouter", "gins": "ginapi.Guard", "echo": "echoapi.Guard"}
	return fmt.Sprintf("package %s\n\nimport (\n\"net/http\"\n%s\n\"example.com/app/probe\"\n\"github.com/webapi-gen/webapi-gen/webapi\"\n)\n\nvar _, _, _ = probe.Hit, webapi.Guard, %s\n\nfunc build%d() http.Handler {\n%ss := &http.Server{Handler: %s}\nreturn s.Handler\n}\n\n%s",
		t.framework, imports[t.framework], used[t.framework], t.number, t.body.String(), result, t.decls.String())
}

func (t *table) line(format string, args ...any) { fmt.Fprintf(&t.body, format+"\n", args...) }
func (t *table) decl(format string, args ...any) { fmt.Fprintf(&t.decls, format+"\n\n", args...) }

// local declares a variable and returns its name.
func (t *table) local(id, x string) string {
	if t.outside {
		t.decl("var %s = %s", id, x)
	} else {
		t.line("%s := %s", id, x)
	}
	return id
}

// top returns what f writes for the top level.
func (t *table) top(f func() string) string {
	outer := t.outside
	t.outside = true
	defer func() { t.outside = outer }()
	return f()
}

// id returns a name that is unique in the package. Those of handlers begin with h.
func (t *table) id(prefix string) string {
	t.ids++
	return fmt.Sprintf("%s%d_%d", prefix, t.number, t.ids)
}

func (t *table) one(list ...string) string { return list[t.IntN(len(list))] }

func (t *table) chance(p float64) bool { return t.Float64() < p }

// within returns the statements that a function writes.
func (t *table) within(write func()) string {
	outer := t.body
	t.body = strings.Builder{}
	write()
	body := t.body.String()
	t.body = outer
	return body
}

// resource returns an expression for a resource.
func (t *table) resource() string {
	return t.one("probe.Notes", "probe.Tags", "new(probe.User)", "&probe.Tag{}", "probe.Any", "probe.NewUser()", `probe.ByKey["notes"]`, "probe.NewSet().Note", "probe.NewSet().Res", "webapi.Resource(probe.Notes)")
}

// middleware returns an expression for middleware of net/http.
func (t *table) middleware() string {
	res := t.resource()
	switch t.IntN(12) {
	case 0, 1:
		return "webapi.Guard(" + res + ")"
	case 2:
		return "webapi.GuardList(" + res + ")"
	case 3:
		return "probe.Guard(" + res + ")"
	case 4:
		return "probe.Asking(" + res + ")"
	case 5:
		return "probe.NewSet().HTTP"
	case 6:
		return fmt.Sprintf("probe.Chain(webapi.Guard(%s), %s, probe.Log)", res, t.one("probe.NewSet().HTTP", "probe.Asking("+res+")"))
	case 7:
		return fmt.Sprintf("func(next http.Handler) http.Handler { return %s(next) }", t.middleware())
	case 8:
		id := t.id("m")
		t.decl("func %s(next http.Handler) http.Handler {\nguarded := %s(next)\nreturn guarded\n}", id, t.top(t.middleware))
		return id
	case 9:
		id := t.id("m")
		t.decl("var %s = map[string]func(http.Handler) http.Handler{\"a\": %s, \"b\": %s}", id, t.top(t.middleware), t.top(t.middleware))
		return id + `["a"]`
	case 10:
		return t.local(t.id("m"), t.middleware())
	}
	return "probe.Log"
}

// list returns expressions for several pieces of middleware, as arguments.
func (t *table) list(middleware func() string, typ string, most int) string {
	n := t.IntN(most + 1)
	args := func() string {
		var all []string
		for range n {
			all = append(all, middleware())
		}
		return strings.Join(all, ", ")
	}
	if n == 0 || t.chance(0.75) {
		return args()
	}
	id := t.id("l")
	switch t.IntN(3) {
	case 0:
		t.line("%s := []%s{%s}", id, typ, args())
	case 1:
		t.line("var %s []%s\n%s = append(%s, %s)", id, typ, id, id, args())
	case 2:
		t.decl("func %s() (list []%s) {\nlist = append(list, %s)\nreturn\n}", id, typ, t.top(args))
		id += "()"
	}
	return id + "..."
}

// handler returns an expression for a handler of net/http.
func (t *table) handler() string {
	id := t.id("h")
	switch t.IntN(12) {
	case 0:
		t.decl("func %s(w http.ResponseWriter, r *http.Request) { probe.Hit(%q) }", id, id)
		return "http.HandlerFunc(" + id + ")"
	case 1:
		return fmt.Sprintf("http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { probe.Hit(%q) })", id)
	case 2:
		t.decl("type %s struct{}\n\nfunc (%s) ServeHTTP(http.ResponseWriter, *http.Request) { probe.Hit(%q) }", id, id, id)
		return t.one(id+"{}", "&"+id+"{}", "new("+id+")")
	case 3:
		t.decl("type %s struct{ views int }\n\nfunc (*%s) %sServe(http.ResponseWriter, *http.Request) { probe.Hit(%q) }", id, id, id, id)
		return fmt.Sprintf("http.HandlerFunc(new(%s).%sServe)", id, id)
	case 4, 5:
		return fmt.Sprintf("webapi.%s(%s, webapi.Views{%s})", t.one("Handle", "HandleList"), t.resource(), t.views())
	case 6:
		if t.outside {
			return t.handler()
		}
		views := t.id("v")
		t.line("%s := webapi.Views{}", views)
		for _, v := range strings.Split(t.views(), ", ") {
			method, view, _ := strings.Cut(v, ": ")
			t.line("%s[%s] = %s", views, method, view)
		}
		return fmt.Sprintf("webapi.Handle(%s, %s)", t.resource(), views)
	case 7:
		maker := t.id("make")
		t.decl("func %s(res webapi.Resource, h http.Handler) http.Handler { return webapi.Guard(res)(h) }", maker)
		return fmt.Sprintf("%s(%s, %s)", maker, t.resource(), t.handler())
	case 8:
		return fmt.Sprintf("http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\nif err := webapi.Decide(r.Context(), %s, r.Method, \"\"); err != nil {\nwebapi.WriteError(w, r, err)\nreturn\n}\nprobe.Hit(%q)\n})", t.resource(), id)
	case 9:
		t.decl("type %s struct{ res webapi.Resource }\n\nfunc (x *%s) ServeHTTP(w http.ResponseWriter, r *http.Request) {\nerr := x.res.CallMethodView(w, r, r.Method, x.%sView)\nif err != nil {\nwebapi.WriteError(w, r, err)\n}\n}\n\nfunc (x *%s) %sView(http.ResponseWriter, *http.Request) error {\nprobe.Hit(%q)\nreturn nil\n}", id, id, id, id, id, id)
		return fmt.Sprintf("&%s{%s}", id, t.resource())
	}
	return fmt.Sprintf("%s(%s)", t.middleware(), t.handler())
}

// views returns the elements of webapi.Views.
func (t *table) views() string {
	var all []string
	for _, m := range []string{`"GET"`, `"POST"`, "http.MethodDelete"} {
		if len(all) == 0 || t.chance(0.5) {
			id := t.id("h")
			t.decl("func %s(http.ResponseWriter, *http.Request) error {\nprobe.Hit(%q)\nreturn nil\n}", id, id)
			all = append(all, m+": "+id)
		}
	}
	return strings.Join(all, ", ")
}

// handlerFunc returns an expression for a function of net/http.
func (t *table) handlerFunc() string {
	h := t.handler()
	if f, ok := strings.CutPrefix(h, "http.HandlerFunc("); ok {
		return strings.TrimSuffix(f, ")")
	}
	return t.local(t.id("x"), h) + ".ServeHTTP"
}

// wrapped returns a handler, perhaps behind middleware.
func (t *table) wrapped(h string, p float64) string {
	if t.chance(p) {
		return fmt.Sprintf("%s(%s)", t.middleware(), h)
	}
	return h
}

// pattern returns up to n segments.
func (t *table) pattern(n int, param, rest string) string {
	p := ""
	for i := range 1 + t.IntN(n) {
		switch x := t.IntN(10); {
		case x < 7 || param == "":
			p += "/" + t.one("a", "b", "c")
		case x == 9 && rest != "":
			return p + "/" + strings.Replace(rest, "%d", fmt.Sprint(i), 1)
		default:
			p += "/" + fmt.Sprintf(param, i)
		}
	}
	return p
}

// serves records a pattern for which requests are to be made.
func (t *table) serves(pattern string) {
	for range 3 {
		var segments []string
		for _, s := range strings.Split(strings.Trim(pattern, "/"), "/") {
			if strings.ContainsAny(s, "{:*") {
				s = t.one("a", "b", "7", "42", "z")
			}
			if t.chance(0.08) {
				s = t.one("a", "b", "7", "z")
			}
			segments = append(segments, s)
		}
		if t.chance(0.15) {
			segments = append(segments, t.one("a", "b", "7"))
		}
		target := "/" + strings.Join(segments, "/")
		if strings.HasSuffix(pattern, "/") && target != "/" && t.chance(0.5) {
			target += "/"
		}
		t.targets = append(t.targets, target)
	}
}

// fresh reports whether a pattern was not yet seen with a method, whatever the names of its
// wildcards are.
func (t *table) fresh(router, method, pattern string) bool {
	segments := strings.Split(pattern, "/")
	for i, s := range segments {
		switch {
		case strings.HasPrefix(s, "*"), strings.Contains(s, "..."):
			segments[i] = "*"
		case strings.HasPrefix(s, ":"), strings.HasPrefix(s, "{") && !strings.Contains(s, ":"):
			segments[i] = "{}"
		}
	}
	p := router + " " + strings.Join(segments, "/")
	if t.seen[p] || t.seen[p+" "+method] || method == "" && t.seen["any "+p] {
		return false
	}
	t.seen["any "+p] = true
	if method != "" {
		p += " " + method
	}
	t.seen[p] = true
	return true
}

func (t *table) method() string { return t.one("GET", "GET", "POST", "PUT", "DELETE") }

// muxRoutes registers handlers with a mux that serves paths below a prefix.
func (t *table) muxRoutes(r string, real *http.ServeMux, prefix string, depth int) {
	for range 2 + t.IntN(4) {
		p := prefix + t.pattern(2, "{p%d}", "{p%d...}")
		if t.chance(0.1) && !strings.HasSuffix(p, "...}") {
			p += t.one("/", "/{$}")
		}
		method := ""
		if t.chance(0.5) {
			method = t.method() + " "
		}
		if sub := strings.TrimSuffix(p, "/"); t.chance(0.25) && depth < 2 && !strings.ContainsAny(sub, "{") {
			if allowed(func() { real.Handle(sub+"/", http.NotFoundHandler()) }) {
				t.subMux(r, sub, depth)
			}
			continue
		}
		if !allowed(func() { real.Handle(method+p, http.NotFoundHandler()) }) {
			continue
		}
		t.serves(p)
		t.register(r, method+p)
	}
}

// allowed reports whether f does not panic.
func allowed(f func()) (ok bool) {
	defer func() { ok = recover() == nil }()
	f()
	return
}

// subMux registers another mux.
func (t *table) subMux(r, sub string, depth int) {
	id := t.id("sub")
	stripped := t.chance(0.5)
	inner := sub
	if stripped {
		inner = ""
	}
	write := func() {
		t.line("%s := http.NewServeMux()", id)
		from := len(t.targets)
		t.muxRoutes(id, http.NewServeMux(), inner, depth+1)
		for i := from; stripped && i < len(t.targets); i++ {
			t.targets[i] = sub + t.targets[i]
		}
	}
	h := id
	if t.chance(0.4) {
		body := t.within(write)
		fn := t.id("new")
		t.decl("func %s() %s {\n%sreturn %s\n}", fn, t.one("*http.ServeMux", "http.Handler"), body, id)
		h = fn + "()"
	} else {
		write()
	}
	if stripped {
		h = fmt.Sprintf("http.StripPrefix(%q, %s)", sub, t.wrapped(h, 0.2))
	}
	t.line("%s.Handle(%q, %s)", r, sub+"/", t.wrapped(h, 0.4))
}

// register writes a statement that registers a handler with a mux.
func (t *table) register(r, pattern string) {
	switch t.IntN(10) {
	case 0:
		t.line("%s.HandleFunc(%q, %s)", r, pattern, t.handlerFunc())
	case 1:
		id := t.id("f")
		t.decl("func %s(m *http.ServeMux, pattern string, h http.Handler) { m.Handle(pattern, %s) }", id, t.top(func() string { return t.wrapped("h", 0.5) }))
		t.line("%s(%s, %q, %s)", id, r, pattern, t.handler())
	case 2:
		id := t.id("f")
		t.line("%s := func(pattern string, h http.Handler) { %s.Handle(pattern, %s) }\n%s(%q, %s)", id, r, "h", id, pattern, t.handler())
	case 3:
		t.line("for _, e := range []struct{ pattern string; h http.Handler }{{%q, %s}} {\n%s.Handle(e.pattern, e.h)\n}", pattern, t.handler(), r)
	case 4:
		t.line("for pattern, h := range map[string]http.Handler{%q: %s} {\n%s.Handle(pattern, h)\n}", pattern, t.handler(), r)
	case 5:
		id := t.id("f")
		t.line("%s := %s.Handle\n%s(%q, %s)", id, r, id, pattern, t.handler())
	case 6:
		t.line("probe.%s(%s, %q, %s)", t.one("Mount", "MountIn"), r, pattern, t.handler())
	case 7:
		id := t.id("T")
		t.decl("type %s struct {\nmux *http.ServeMux\nres webapi.Resource\n}\n\nfunc (x *%s) routes(h http.Handler) { x.mux.Handle(%q, webapi.Guard(x.res)(h)) }", id, id, pattern)
		t.line("(&%s{%s, %s}).routes(%s)", id, r, t.resource(), t.handler())
	default:
		t.line("%s.Handle(%q, %s)", r, pattern, t.handler())
	}
}

// chiRoutes registers handlers with a router of chi.
func (t *table) chiRoutes(r, prefix string, depth int, own bool) {
	if own && t.chance(0.5) {
		if list := t.list(t.middleware, "func(http.Handler) http.Handler", 2); list != "" {
			t.line("%s.Use(%s)", r, list)
		}
	}
	for range 2 + t.IntN(4) {
		x := t.IntN(10)
		if x < 2 && depth < 3 {
			body := t.within(func() {
				t.line("_ = r")
				if list := t.list(t.middleware, "func(http.Handler) http.Handler", 2); list != "" {
					t.line("r.Use(%s)", list)
				}
				t.chiRoutes("r", prefix, depth+1, false)
			})
			if t.chance(0.5) {
				fn := t.id("f")
				t.decl("func %s(r chi.Router) {\n%s}", fn, body)
				t.line("%s.Group(%s)", r, fn)
			} else {
				t.line("%s.Group(func(r chi.Router) {\n%s})", r, body)
			}
			continue
		}
		if x < 4 && depth < 3 {
			t.chiMount(r, prefix, depth)
			continue
		}
		p := t.pattern(2, t.one("{p%d}", "{p%d:[0-9]+}"), "*")
		method := t.method()
		if t.chance(0.2) {
			method = ""
		}
		if t.seen["any mount "+prefix+p] || !t.fresh("", method, prefix+p) {
			continue
		}
		t.serves(prefix + p)
		to := r
		if t.chance(0.3) {
			to = fmt.Sprintf("%s.With(%s)", r, t.list(t.middleware, "func(http.Handler) http.Handler", 2))
		}
		t.chiRegister(to, method, p)
	}
}

// chiMount mounts a router.
func (t *table) chiMount(r, prefix string, depth int) {
	p := t.pattern(1, "{q%d}", "")
	if !t.fresh("mount", "", prefix+p) || !t.fresh("", "", prefix+p+"/*") || !t.fresh("", "", prefix+p) {
		return
	}
	if t.chance(0.5) {
		body := t.within(func() {
			t.line("_ = r")
			t.chiRoutes("r", prefix+p, depth+1, true)
		})
		t.line("%s.Route(%q, func(r chi.Router) {\n%s})", r, p, body)
		return
	}
	id := t.id("sub")
	write := func() {
		t.line("%s := chi.NewRouter()", id)
		t.chiRoutes(id, prefix+p, depth+1, true)
	}
	h := id
	if t.chance(0.4) {
		body := t.within(write)
		fn := t.id("new")
		t.decl("func %s() %s {\n%sreturn %s\n}", fn, t.one("chi.Router", "*chi.Mux", "http.Handler"), body, id)
		h = fn + "()"
	} else {
		write()
	}
	t.line("%s.Mount(%q, %s)", r, p, t.wrapped(h, 0.3))
}

// chiRegister writes a statement that registers a handler with a router of chi.
func (t *table) chiRegister(r, method, pattern string) {
	name := method
	if method != "" {
		name = method[:1] + strings.ToLower(method[1:])
	}
	switch x := t.IntN(8); {
	case method == "" && x < 4:
		t.line("%s.HandleFunc(%q, %s)", r, pattern, t.handlerFunc())
	case method == "" && x == 4:
		t.line("probe.MountIn(%s, %q, %s)", r, pattern, t.handler())
	case method == "":
		t.line("%s.Handle(%q, %s)", r, pattern, t.handler())
	case x == 0:
		t.line("%s.Method(%q, %q, %s)", r, method, pattern, t.handler())
	case x == 1:
		t.line("%s.MethodFunc(http.Method%s, %q, %s)", r, name, pattern, t.handlerFunc())
	case x == 2:
		t.line("%s.Handle(%q, %s)", r, method+" "+pattern, t.handler())
	case x == 3:
		id := t.id("f")
		t.line("%s := %s.%s\n%s(%q, %s)", id, r, name, id, pattern, t.handlerFunc())
	case x == 4:
		id := t.id("f")
		t.decl("func %s(r chi.Router, res webapi.Resource, h http.HandlerFunc) { r.With(webapi.Guard(res)).%s(%q, h) }", id, name, pattern)
		t.line("%s(%s, %s, %s)", id, r, t.resource(), t.handlerFunc())
	default:
		t.line("%s.%s(%q, %s)", r, name, pattern, t.handlerFunc())
	}
}

// ginMiddleware returns an expression for a handler of gin that calls the next one.
func (t *table) ginMiddleware() string {
	res := t.resource()
	switch t.IntN(9) {
	case 0, 1:
		return "ginapi.Guard(" + res + ")"
	case 2:
		return "ginapi.GuardList(" + res + ")"
	case 3, 4:
		return "probe.Gin(" + res + ")"
	case 5:
		return t.local(t.id("m"), t.ginMiddleware())
	case 6:
		return fmt.Sprintf("func(c *gin.Context) {\nif err := webapi.Decide(c.Request.Context(), %s, c.Request.Method, \"\"); err != nil {\nc.AbortWithStatus(403)\n}\n}", res)
	case 7:
		id := t.id("m")
		t.decl("func %s() gin.HandlerFunc { return %s }", id, t.one("ginapi.Guard("+res+")", "probe.Gin("+res+")"))
		return id + "()"
	}
	return "probe.GinLog"
}

func (t *table) ginHandler() string {
	id := t.id("h")
	switch t.IntN(4) {
	case 0:
		t.decl("func %s(c *gin.Context) { probe.Hit(%q) }", id, id)
		return id
	case 1:
		return fmt.Sprintf("gin.WrapH(%s)", t.handler())
	case 2:
		return fmt.Sprintf("gin.WrapF(%s)", t.handlerFunc())
	}
	return fmt.Sprintf("func(c *gin.Context) { probe.Hit(%q) }", id)
}

func (t *table) ginHandlers() string {
	list := t.list(t.ginMiddleware, "gin.HandlerFunc", 2)
	if strings.HasSuffix(list, "...") {
		return fmt.Sprintf("append(%s, %s)...", strings.TrimSuffix(list, "..."), t.ginHandler())
	}
	if list != "" {
		list += ", "
	}
	return list + t.ginHandler()
}

// ginPattern returns a pattern below a prefix. Gin wants the same name for the wildcards of
// all patterns at a place.
func (t *table) ginPattern(n int, prefix, rest string) string {
	segments := strings.Split(t.pattern(n, ":%d", rest), "/")
	for i, s := range segments {
		if strings.HasPrefix(s, ":") || strings.HasPrefix(s, "*") {
			segments[i] = fmt.Sprintf("%sp%d", s[:1], i+strings.Count(prefix, "/"))
		}
	}
	return strings.Join(segments, "/")
}

// ginRoutes registers handlers with a group of gin.
func (t *table) ginRoutes(r, prefix string, depth int) {
	for range 3 + t.IntN(5) {
		switch x := t.IntN(10); {
		case x < 2:
			if list := t.list(t.ginMiddleware, "gin.HandlerFunc", 2); list != "" {
				t.line("%s.Use(%s)", r, list)
			}
			continue
		case x < 4 && depth < 3:
			p := t.ginPattern(1, prefix, "")
			id := t.id("g")
			args := fmt.Sprintf("%q", p)
			if list := t.list(t.ginMiddleware, "gin.HandlerFunc", 2); list != "" {
				args += ", " + list
			}
			t.line("%s := %s.Group(%s)\n_ = %s", id, r, args, id)
			t.ginRoutes(id, prefix+p, depth+1)
			continue
		}
		p := t.ginPattern(2, prefix, "*%d")
		method := t.method()
		full := prefix + p
		if !t.fresh("", method, full) || !allowed(func() { t.engine.Handle(method, full, func(*gin.Context) {}) }) {
			continue
		}
		t.serves(full)
		switch t.IntN(8) {
		case 0:
			t.line("%s.Handle(%q, %q, %s)", r, method, p, t.ginHandlers())
		case 1:
			t.line("%s.Match([]string{%q}, %q, %s)", r, method, p, t.ginHandlers())
		case 2:
			t.line("probe.MountGin(%s, %q, %q, %s)", r, method, p, t.ginHandlers())
		case 3:
			id := t.id("f")
			t.line("%s := %s.%s\n%s(%q, %s)", id, r, method, id, p, t.ginHandlers())
		case 4:
			id := t.id("f")
			t.decl("func %s(r gin.IRouter, list ...gin.HandlerFunc) { r.%s(%q, list...) }", id, method, p)
			t.line("%s(%s, %s)", id, r, t.ginHandlers())
		default:
			t.line("%s.%s(%q, %s)", r, method, p, t.ginHandlers())
		}
	}
}

// echoMiddleware returns an expression for middleware of echo.
func (t *table) echoMiddleware() string {
	res := t.resource()
	switch t.IntN(9) {
	case 0, 1:
		return "echoapi.Guard(" + res + ")"
	case 2:
		return "echoapi.GuardList(" + res + ")"
	case 3, 4:
		return "probe.Echo(" + res + ")"
	case 5:
		return t.local(t.id("m"), t.echoMiddleware())
	case 6:
		return fmt.Sprintf("func(next echo.HandlerFunc) echo.HandlerFunc {\nreturn func(c *echo.Context) error {\nif err := webapi.Decide(c.Request().Context(), %s, c.Request().Method, \"\"); err != nil {\nreturn err\n}\nreturn next(c)\n}\n}", res)
	case 7:
		return "echo.WrapMiddleware(" + t.middleware() + ")"
	}
	return "probe.EchoLog"
}

func (t *table) echoHandler() string {
	id := t.id("h")
	switch t.IntN(5) {
	case 0:
		t.decl("func %s(*echo.Context) error {\nprobe.Hit(%q)\nreturn nil\n}", id, id)
		return id
	case 1:
		return fmt.Sprintf("echo.WrapHandler(%s)", t.handler())
	case 2:
		return fmt.Sprintf("%s(%s)", t.echoMiddleware(), t.echoHandler())
	}
	return fmt.Sprintf("func(*echo.Context) error {\nprobe.Hit(%q)\nreturn nil\n}", id)
}

// echoRoutes registers handlers with echo, or a group.
func (t *table) echoRoutes(r, prefix string, depth int) {
	for range 3 + t.IntN(5) {
		switch x := t.IntN(10); {
		case x < 2:
			if list := t.list(t.echoMiddleware, "echo.MiddlewareFunc", 2); list != "" {
				t.line("%s.Use(%s)", r, list)
			}
			continue
		case x < 4 && depth < 3:
			p := t.pattern(1, ":q%d", "")
			id := t.id("g")
			args := fmt.Sprintf("%q", p)
			if list := t.list(t.echoMiddleware, "echo.MiddlewareFunc", 2); list != "" {
				args += ", " + list
			}
			t.line("%s := %s.Group(%s)\n_ = %s", id, r, args, id)
			t.echoRoutes(id, prefix+p, depth+1)
			continue
		}
		p := t.pattern(2, ":x%d", "*")
		method := t.method()
		if t.chance(0.15) {
			method = ""
		}
		if !t.fresh("", method, prefix+p) {
			continue
		}
		t.serves(prefix + p)
		args := t.echoHandler()
		if list := t.list(t.echoMiddleware, "echo.MiddlewareFunc", 2); list != "" {
			args += ", " + list
		}
		switch x := t.IntN(7); {
		case method == "":
			t.line("%s.Any(%q, %s)", r, p, args)
		case x == 0:
			t.line("%s.Add(%q, %q, %s)", r, method, p, args)
		case x == 1:
			t.line("%s.Match([]string{%q}, %q, %s)", r, method, p, args)
		case x == 2 && depth > 0 && method == "GET":
			t.line("probe.MountEcho(%s, %q, %s)", r, p, args)
		case x == 3:
			id := t.id("f")
			t.line("%s := %s.%s\n%s(%q, %s)", id, r, method, id, p, args)
		default:
			t.line("%s.%s(%q, %s)", r, method, p, args)
		}
	}
}
