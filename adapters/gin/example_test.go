package ginapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"

	ginapi "github.com/webapi-gen/webapi-gen/adapters/gin"
	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

// verify returns what an access token stands for. A server asks its database or the
// authorization server.
func verify(_ context.Context, token string) (webapi.Token, error) {
	if token != "reader" {
		return webapi.Token{}, webapi.ErrLoginFailed
	}
	return webapi.Token{Scopes: webapi.MakeScopes("note:read"), NoExpiry: true}, nil
}

func listNotes(c *gin.Context)  { c.JSON(http.StatusOK, gin.H{"notes": []string{"7", "8"}}) }
func removeNote(c *gin.Context) { c.Status(http.StatusNoContent) }

func Example() {
	notes := adaptertest.Notes() // in a server, an annotated type: &NoteResource{}
	cfg := &webapi.Config{Realm: "notes"}

	r := gin.New()
	r.Use(ginapi.Middleware(cfg, webapi.Bearer(webapi.VerifierFunc(verify))))
	r.GET("/notes", ginapi.GuardList(notes), listNotes)
	r.DELETE("/notes/:id", ginapi.Guard(notes), removeNote)

	for _, request := range []string{"GET /notes", "DELETE /notes/7"} {
		var method, path string
		_, _ = fmt.Sscan(request, &method, &path)
		req := httptest.NewRequest(method, path, nil)
		req.Header.Set("Authorization", "Bearer reader")
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		fmt.Println(request, w.Code, w.Body)
	}
	// Output:
	// GET /notes 200 {"notes":["7","8"]}
	// DELETE /notes/7 403 {"stat":"fail","err":{"code":112,"msg":"The access token lacks a scope that this request needs","type":"auth-oauth2-missing-scope"},"required_scopes":[["note:destroy","note:write"]],"missing_scopes":["note:destroy","note:write"]}
}
