package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// maxBody is more than any request needs.
const maxBody = 64 << 10

// respond writes v under its name, beside "stat", as Review Board does.
func respond(w http.ResponseWriter, status int, name string, v any) error {
	body, err := json.Marshal(map[string]any{"stat": "ok", name: v})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store") // it is for who asked
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone cannot be told
	return nil
}

// read reads the JSON of a request into v.
func read(w http.ResponseWriter, r *http.Request, v any) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return invalid("the body is not the JSON that is wanted")
	}
	return nil
}

// The codes are those of Djblets (webapi/errors.py), or the status where it has
// none.

func invalid(message string) error {
	return &webapi.Error{Code: 105, Type: "invalid-form-data", Status: http.StatusBadRequest, Message: message}
}

// told returns err as a client is told of it.
func told(err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return &webapi.Error{Code: 100, Type: "object-does-not-exist", Status: http.StatusNotFound, Message: "Object does not exist"}
	case errors.Is(err, store.ErrText):
		return invalid("a text has a NUL or is not UTF-8")
	case errors.Is(err, store.ErrExists):
		return &webapi.Error{Code: http.StatusConflict, Type: "x-codereview-exists", Status: http.StatusConflict, Message: "There is one of that name"}
	}
	return err
}

var name = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)

func isName(s string) bool { return name.MatchString(s) }

// number returns a path value that is a number. Another spelling of it, such as
// 07, names no object: a policy that speaks of 7 would not be asked for it.
func number(r *http.Request, key string) (int64, error) {
	text := r.PathValue(key)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != text {
		return 0, told(store.ErrNotFound)
	}
	return n, nil
}

// subject returns who the request is for.
func subject(r *http.Request) string {
	token, _ := webapi.TokenFrom(r.Context())
	return token.Subject
}

// mayChange returns nil for who made an object, and for an administrator who
// gave the client that scope. Scopes say what a client may do on somebody's
// behalf, and not to whose objects. Whoever cannot change an object sees it all
// the same, so 403 tells nothing that 404 would hide.
func mayChange(r *http.Request, owner string) error {
	token, _ := webapi.TokenFrom(r.Context())
	if token.Subject != "" && token.Subject == owner || token.Scopes.Has(ScopeAdmin) {
		return nil
	}
	return webapi.ErrPermissionDenied
}
