package webapitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
)

// answer is what a server said, or is to say: let through, or an error with a
// status and a code. The zero value is let through.
type answer struct {
	status int
	code   int  // err.code of the body; 0 if there is none
	panics bool // the view did
}

var allowed = answer{}

// denied returns the answer with a code of Djblets.
func denied(code int) answer {
	status := http.StatusForbidden
	if code == 103 || code == 104 {
		status = http.StatusUnauthorized
	}
	return answer{status: status, code: code}
}

// ask returns the answer of handler to r.
func ask(handler http.Handler, r *http.Request) (got answer) {
	w := httptest.NewRecorder()
	defer func() {
		if recover() != nil {
			got = answer{panics: true}
		}
	}()
	handler.ServeHTTP(w, r)
	got.status = w.Code
	var body struct {
		Err  struct{ Code int }
		Code int // of a problem
	}
	if json.Unmarshal(w.Body.Bytes(), &body) == nil {
		got.code = max(body.Err.Code, body.Code)
	}
	return got
}

// is reports whether got is the answer a that the table wants. A view that is
// let through may answer anything that a guard does not. Nobody answers HEAD
// with a body, and a router answers 405 with a body of its own.
func (a answer) is(got answer, method string) bool {
	switch {
	case a == allowed:
		return !got.denies() && !got.panics && got.status < 500
	case method == http.MethodHead || a.status == http.StatusMethodNotAllowed:
		return got.status == a.status
	}
	return got == a
}

// denies reports whether a guard gives such an answer.
func (a answer) denies() bool {
	return a.status == http.StatusUnauthorized || a.status == http.StatusForbidden || a.status == http.StatusMethodNotAllowed
}

func (a answer) String() string {
	switch {
	case a.panics:
		return "panic"
	case a == allowed:
		return "let through"
	case a.code != 0 && a.code != a.status:
		return fmt.Sprintf("%d, code %d", a.status, a.code)
	}
	return fmt.Sprint(a.status)
}
