package authserver

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"html/template"
	"net/http"
	"net/url"
)

//go:embed pages
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages/*.html"))

// registerPages adds what people see. Another site can neither send its forms
// here (CrossOriginProtection, and a token in each form for browsers that do
// not say where a request comes from), nor show the pages in a frame.
func (s *Server) registerPages(mux *http.ServeMux) {
	sameOrigin := http.NewCrossOriginProtection()
	page := func(pattern string, handle http.HandlerFunc) {
		mux.Handle(pattern, http.MaxBytesHandler(sameOrigin.Handler(s.Sessions.LoadAndSave(handle)), maxForm))
	}
	page("GET /login", s.showLogin)
	page("POST /login", s.login)
	page("POST /logout", s.logout)
	page("GET /consent", s.showConsent)
	page("POST /consent", s.decide)
	mux.Handle("GET /pages/style.css", http.FileServerFS(files))
}

// page is what every template knows. CSRF is the token of its forms.
type page struct {
	Title, Problem, CSRF, Request string
	User                          string // who is logged in; "" if nobody
	Data                          any
}

// show answers with a page. Its forms may lead to this server, and on from
// there to redirectURI: browsers look at where a form's answer redirects to as
// well (CSP Level 3, section 6.4.3).
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, name string, p page, redirectURI string) {
	p.CSRF = s.csrf(r)
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
	http.Error(w, "Something went wrong. Please try again.", http.StatusInternalServerError)
}

// csrf returns the token of the session's forms.
func (s *Server) csrf(r *http.Request) string {
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

// gone says that a request cannot be answered any more.
func (s *Server) gone(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusBadRequest, "gone.html", page{Title: "This request has ended"}, "")
}
