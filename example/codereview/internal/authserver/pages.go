package authserver

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

//go:embed pages
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages/*.html"))

// registerPages adds what people see. Another site can neither send its forms
// here (CrossOriginProtection, and a token in each form for browsers that do
// not say where a request comes from), nor show the pages in a frame.
func (s *Server) registerPages(mux *http.ServeMux) {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(s.expired))
	page := func(pattern string, handle http.HandlerFunc) {
		mux.Handle(pattern, s.LimitVisits(http.MaxBytesHandler(sameOrigin.Handler(s.Sessions.LoadAndSave(handle)), maxForm)))
	}
	page("GET /login", s.showLogin)
	page("POST /login", s.login)
	page("POST /logout", s.logout)
	page("GET /consent", s.showConsent)
	page("POST /consent", s.decide)
	mux.Handle("GET /pages/style.css", http.FileServerFS(files))
}

// page is what every template knows.
type page struct {
	Title, Problem, Request string
	User                    string // who is logged in, or who tries to; "" if nobody
	Data                    any
	csrf                    func() string
}

// CSRF returns the token of the page's forms. A page without forms has none, and
// needs no session.
func (p page) CSRF() string { return p.csrf() }

// show answers with a page. Its forms may lead to this server, and on from
// there to redirectURI: browsers look at where a form's answer redirects to as
// well (CSP Level 3, section 6.4.3).
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, name string, p page, redirectURI string) {
	p.csrf = func() string { return s.CSRF(r) }
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, name, p); err != nil {
		s.failed(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "+
		"form-action 'self'"+formTarget(redirectURI))
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // a browser that has gone cannot be told
}

func formTarget(redirectURI string) string {
	u, err := url.Parse(redirectURI)
	switch {
	case err != nil || u.Scheme == "":
		return ""
	case u.Host == "":
		return " " + u.Scheme + ":"
	}
	return " " + u.Scheme + "://" + u.Host
}

// failed answers a request that could not be served.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, err error) {
	s.Logger.ErrorContext(r.Context(), "authserver: page failed", "path", r.URL.Path, "error", err)
	s.problem(w, r, http.StatusInternalServerError, "Something went wrong", "Try again later.")
}

// problem answers with a page that says why there is no other.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	s.show(w, r, status, "problem.html", page{Title: title, Data: text}, "")
}

// expired answers a form that is not one of this session.
func (s *Server) expired(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusForbidden, "This form has expired", "Go back and try again.")
}

// gone answers a request for consent that cannot be answered any more.
func (s *Server) gone(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusBadRequest, "This request has ended",
		"It was answered before, or it has expired. Go back to the application and start again.")
}

// Pages returns mux with a page where it has no handler for a request.
func (s *Server) Pages(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		got := &refusal{ResponseWriter: w}
		mux.ServeHTTP(got, r)
		switch got.status {
		case http.StatusNotFound:
			s.problem(w, r, got.status, "Page not found", "There is no page at this address.")
		case http.StatusMethodNotAllowed:
			s.problem(w, r, got.status, "Method not allowed", "This address does not support the method "+r.Method+".")
		}
	})
}

// forPeople shows what next refuses as a page.
func (s *Server) forPeople(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := &refusal{ResponseWriter: w}
		next.ServeHTTP(got, r)
		if got.status == 0 {
			return
		}
		if got.status >= http.StatusInternalServerError {
			s.problem(w, r, got.status, "Something went wrong", "Try again later.")
			return
		}
		var e oidc.Error
		_ = json.Unmarshal(got.body.Bytes(), &e) // otherwise there is nothing to tell
		s.problem(w, r, got.status, "This link does not work",
			"The application that sent you here made an invalid request. Tell its developers: "+cmp.Or(e.Description, "no details"))
	})
}

// refusal keeps an answer with an error status, which is not written, and
// writes any other.
type refusal struct {
	http.ResponseWriter
	status int // 0 for an answer that is written
	body   bytes.Buffer
}

func (w *refusal) WriteHeader(status int) {
	if status < http.StatusBadRequest {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.status = status
}

func (w *refusal) Write(text []byte) (int, error) {
	if w.status == 0 {
		return w.ResponseWriter.Write(text)
	}
	return w.body.Write(text)
}

// CSRF returns the token of the session's forms.
func (s *Server) CSRF(r *http.Request) string {
	token := s.Sessions.GetString(r.Context(), "csrf")
	if token == "" {
		token = rand.Text()
		s.Sessions.Put(r.Context(), "csrf", token)
	}
	return token
}

// ownForm reports whether the form that was sent is one of this session.
func (s *Server) ownForm(r *http.Request) bool {
	want := s.Sessions.GetString(r.Context(), "csrf")
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(r.PostFormValue("csrf"))) == 1
}
