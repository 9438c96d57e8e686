package mutants

import "slices"

// examples are what mutants change: the examples of this tree, each server of the
// guide for servers that exist with a second resource.
var examples = map[string]example{
	"notes": {folders: []string{"notes"}, server: "newServer()"},
	"api": {
		root: "codereview", folders: []string{"api", "internal/store"},
		server: `func() http.Handler {
			s, err := store.Open(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			mux := http.NewServeMux()
			Register(mux, s, new(AuditLog), "")
			return new(webapi.Config).Middleware(webapi.Bearer(proofVerifier))(mux)
		}()`,
		imports: []string{"net/http", "github.com/webapi-gen/webapi-gen/example/codereview/internal/store"},
	},
	"nethttp": nethttp,
	"stepup": {
		root: nethttp.root, folders: nethttp.folders, server: nethttp.server,
		edits: append(slices.Clone(nethttp.edits), edit{"nethttp/tags.go", "anonymous=GET", `maxage=DELETE:5m acr="GET:gold silver"`}),
	},
	"chi": adopting("chi", "\treturn r\n", "mountTags(r)", `import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func mountTags(r chi.Router) {
	tag := new(tagGuard)
	r.With(webapi.Guard(tag)).Get("/tags/{id}", getTag)
	r.With(webapi.Guard(tag)).Delete("/tags/{id}", removeTag)
}

func getTag(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(chi.URLParam(r, "id"))) }

func removeTag(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
`),
	"gin": adopting("gin", "\treturn r\n", "mountTags(r)", `import (
	"net/http"

	"github.com/gin-gonic/gin"

	ginapi "github.com/webapi-gen/webapi-gen/adapters/gin"
)

func mountTags(r *gin.Engine) {
	tag := new(tagGuard)
	r.GET("/tags/:id", ginapi.Guard(tag), getTag)
	r.DELETE("/tags/:id", ginapi.Guard(tag), removeTag)
}

func getTag(c *gin.Context) { c.String(http.StatusOK, c.Param("id")) }

func removeTag(c *gin.Context) { c.Status(http.StatusNoContent) }
`),
	"echo": adopting("echo", "\treturn e\n", "mountTags(e)", `import (
	"net/http"

	"github.com/labstack/echo/v5"

	echoapi "github.com/webapi-gen/webapi-gen/adapters/echo5"
)

func mountTags(e *echo.Echo) {
	tag := new(tagGuard)
	e.GET("/tags/:id", getTag, echoapi.Guard(tag))
	e.DELETE("/tags/:id", removeTag, echoapi.Guard(tag))
}

func getTag(c *echo.Context) error { return c.String(http.StatusOK, c.Param("id")) }

func removeTag(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }
`),
}

// nethttp is the server of the guide for net/http.
var nethttp = adopting("nethttp", "\tcfg := &webapi.Config", "mountTags(mux)", `import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func mountTags(mux *http.ServeMux) {
	tag := new(tagGuard)
	mux.Handle("GET /tags/{id}", webapi.Guard(tag)(http.HandlerFunc(getTag)))
	mux.Handle("DELETE /tags/{id}", webapi.Guard(tag)(http.HandlerFunc(removeTag)))
}

func getTag(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.PathValue("id"))) }

func removeTag(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
`)

// adopting returns a server of the guide with a second resource, which everybody may
// read, and which call mounts, before the text end.
func adopting(router, end, call, tags string) example {
	return example{
		root: "adopting", folders: []string{router, "internal/store"}, server: "New(proofVerifier)",
		edits: []edit{
			{router + "/server.go", end, "\t" + call + "\n" + end},
			{router + "/tags.go", "", "package " + router + "\n\n" + tags + `
// tagGuard guards the routes of tags, which everybody may read.
//
//webapi:resource name=tag methods=GET,DELETE key=id anonymous=GET apitokens=allow
type tagGuard struct{}
`},
		},
	}
}
