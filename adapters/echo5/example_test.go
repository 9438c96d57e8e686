package echoapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/labstack/echo/v5"

	echoapi "github.com/webapi-gen/webapi-gen/adapters/echo5"
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

func listNotes(c *echo.Context) error {
	return c.JSON(http.StatusOK, map[string]any{"notes": []string{"7", "8"}})
}

func getNote(c *echo.Context) error {
	return echo.NewHTTPError(http.StatusNotFound, "there is no note "+c.Param("id"))
}

func removeNote(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }

func Example() {
	notes := adaptertest.Notes() // in a server, an annotated type: &NoteResource{}
	cfg := &webapi.Config{Realm: "notes"}

	e := echo.New()
	e.Use(echoapi.Middleware(cfg, webapi.Bearer(webapi.VerifierFunc(verify))))
	e.GET("/notes", listNotes, echoapi.GuardList(notes))
	e.GET("/notes/:id", getNote, echoapi.Guard(notes))
	e.DELETE("/notes/:id", removeNote, echoapi.Guard(notes))

	for _, request := range []string{"GET /notes", "GET /notes/9", "DELETE /notes/7"} {
		var method, path string
		_, _ = fmt.Sscan(request, &method, &path)
		req := httptest.NewRequest(method, path, nil)
		req.Header.Set("Authorization", "Bearer reader")
		w := httptest.NewRecorder()
		e.ServeHTTP(w, req)
		fmt.Print(request, " ", w.Code, " ", w.Body)
	}
	// Output:
	// GET /notes 200 {"notes":["7","8"]}
	// GET /notes/9 404 {"message":"there is no note 9"}
	// DELETE /notes/7 403 {"message":"The access token lacks a scope that this request needs"}
}
