package webapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// WriteError answers r with err. An *[Error] in err's tree is written with its
// code, type and message; of any other error, and of nil, the client learns
// nothing: it is logged and answered as a 500.
//
// The body is the JSON of Djblets (webapi/responses.py), with the scopes that
// are required and missing beside "err", where Djblets puts further data:
//
//	{"stat":"fail","err":{"code":112,"msg":"...","type":"auth-oauth2-missing-scope"},
//	 "required_scopes":[["repository:destroy"],["admin"]],"missing_scopes":["admin"]}
//
// or, for a client whose Accept header prefers application/problem+json, a
// problem of RFC 9457 with the same data. A request with HEAD gets no body. 401
// and a missing scope have a challenge by RFC 6750, section 3, which is added
// to those that the response has; 405 has the Allow header. The response is not
// to be stored and varies by Authorization, Cookie and Accept.
//
// The response must not have begun.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	cfg := stateOf(r.Context()).cfg
	e := asError(err)
	if e == nil {
		cfg.logger().ErrorContext(r.Context(), "webapi: request failed",
			"method", r.Method, "path", r.URL.Path, "error", err)
		e = newError(codeInternal)
	}
	status := e.Status
	if status < 400 || status > 599 {
		status = http.StatusInternalServerError
	}
	contentType, body := e.body(status, prefersProblem(r.Header.Values("Accept")))

	h := w.Header()
	for _, name := range ofTheView {
		h.Del(name)
	}
	maps.DeleteFunc(h, func(name string, _ []string) bool { return isTargeted(name) })
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	addVary(h, "Authorization", "Cookie", "Accept")
	if challenge := cfg.challengeFor(e, status); challenge != "" {
		h.Add("WWW-Authenticate", challenge)
	}
	if status == http.StatusMethodNotAllowed {
		h.Set("Allow", e.Allow)
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that has gone cannot be told
	}
}

// ofTheView are header fields by which a view may have described the response
// that it then failed to give, apart from those of isTargeted.
var ofTheView = []string{
	"Content-Digest", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location",
	"Content-MD5", "Content-Range", "ETag", "Expires", "Last-Modified", "Repr-Digest", "Surrogate-Control",
}

// isTargeted reports whether a header field is Cache-Control for some caches, which
// go by it alone: those of RFC 9213 are named like CDN-Cache-Control.
func isTargeted(name string) bool {
	return strings.HasSuffix(http.CanonicalHeaderKey(name), "-Cache-Control")
}

// scopeMembers is what both forms of a body say of scopes.
type scopeMembers struct {
	Required [][]Scope `json:"required_scopes,omitempty"`
	Missing  []Scope   `json:"missing_scopes,omitempty"`
}

// failure is the payload of Djblets' WebAPIResponseError.
type failure struct {
	Stat string `json:"stat"`
	Err  struct {
		Code int    `json:"code"`
		Msg  string `json:"msg"`
		Type string `json:"type,omitempty"`
	} `json:"err"`
	scopeMembers
}

// problem is a problem details object. Its type is RFC 9457's about:blank, with
// which the title is the text of the status; Error.Type is no URI and has a
// member of its own.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      int    `json:"code"`
	ErrorType string `json:"error_type,omitempty"`
	scopeMembers
}

// body returns the response's content type and body.
func (e *Error) body(status int, asProblem bool) (contentType string, body []byte) {
	message := e.Message
	if message == "" {
		message = http.StatusText(status)
	}
	scopes := scopeMembers{Required: e.Required.Alternatives(), Missing: e.Missing}
	if asProblem {
		return "application/problem+json", encode(problem{
			Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message,
			Code: e.Code, ErrorType: e.Type, scopeMembers: scopes,
		})
	}
	f := failure{Stat: "fail", scopeMembers: scopes}
	f.Err.Code, f.Err.Msg, f.Err.Type = e.Code, message, e.Type
	return "application/json", encode(f)
}

// encode returns the JSON of v, whose type has nothing that JSON cannot say.
func encode(v any) []byte {
	body, _ := json.Marshal(v)
	return body
}

// addVary adds the names that the Vary header does not have yet.
func addVary(h http.Header, names ...string) {
	for field := range strings.SplitSeq(strings.Join(h.Values("Vary"), ","), ",") {
		field = strings.TrimSpace(field)
		if field == "*" {
			return
		}
		names = slices.DeleteFunc(names, func(name string) bool { return strings.EqualFold(name, field) })
	}
	if len(names) > 0 {
		h.Add("Vary", strings.Join(names, ", "))
	}
}
