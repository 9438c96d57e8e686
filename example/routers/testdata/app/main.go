// App serves the requests of its standard input, one a line, to route tables, and writes
// what each has passed.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/gin-gonic/gin"

	"example.com/app/chi"
	"example.com/app/echo"
	"example.com/app/gins"
	"example.com/app/mux"
	"example.com/app/probe"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	built := map[string]http.Handler{}
	for name, all := range map[string][]func() http.Handler{"mux": mux.Tables, "chi": chi.Tables, "gins": gins.Tables, "echo": echo.Tables} {
		for i, table := range all {
			built[fmt.Sprintf("%s/%d", name, i)] = build(table)
		}
	}
	cfg := &webapi.Config{OnDecision: func(d webapi.Decision) { probe.Hit(d.Resource) }}
	all := webapi.Token{NoExpiry: true, Scopes: webapi.MakeScopes("Note:read", "Note:write", "Note:destroy",
		"Tag:read", "Tag:write", "Tag:destroy", "User:read", "User:write", "User:destroy")}
	login := cfg.Middleware(webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) { return all, nil }))
	in, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var table, method, path string
		if _, err := fmt.Sscan(in.Text(), &table, &method, &path); err != nil {
			panic(err)
		}
		fmt.Fprintln(out, serve(login, built[table], method, path))
	}
}

// A refused is a table that a router refuses.
type refused struct {
	http.Handler
	err string
}

// build returns the handler of a table.
func build(table func() http.Handler) (h http.Handler) {
	defer func() {
		if err := recover(); err != nil {
			h = refused{err: fmt.Sprint(err)}
		}
	}()
	return table()
}

// serve returns the status of the response and the trace. It follows redirects.
func serve(login func(http.Handler) http.Handler, h http.Handler, method, path string) string {
	if r, ok := h.(refused); ok {
		return "- " + r.err
	}
	for range 3 {
		probe.Trace = nil
		w := httptest.NewRecorder()
		login(h).ServeHTTP(w, httptest.NewRequest(method, path, nil))
		to := w.Result().Header.Get("Location")
		if w.Code < 300 || w.Code > 399 || to == "" {
			return fmt.Sprint(w.Code, " ", strings.Join(probe.Trace, " "))
		}
		path = to
	}
	return "redirects"
}
