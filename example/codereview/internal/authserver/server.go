package authserver

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	httphelper "github.com/zitadel/oidc/v3/pkg/http"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// How long what is issued is good for. An access token is short-lived, because
// a resource server that verifies a JWT on its own does not see a revocation.
const (
	requestLifetime = 10 * time.Minute
	codeLifetime    = time.Minute // RFC 6749, section 4.1.2: ten at most
	accessLifetime  = 10 * time.Minute
	refreshLifetime = 30 * 24 * time.Hour
)

// maxForm is more than any form needs.
const maxForm = 64 << 10

// Config is what a [Server] needs.
type Config struct {
	// Issuer is the URL of the server (RFC 8414, section 2), and Resource the
	// identifier of the API (RFC 9728, section 1.2), which tokens name in aud.
	Issuer, Resource string
	Store            *store.Store
	Sessions         *scs.SessionManager
	Scopes           webapi.CatalogSource
	// Signer makes access tokens JWTs (RFC 9068); nil makes them random text.
	Signer *Signer
	Logger *slog.Logger
}

// Server is the authorization server.
type Server struct {
	op.UnimplementedServer // what OpenID Connect has beyond OAuth2
	Config
	limits limits
}

// New returns the server of cfg.
func New(cfg Config) *Server { return &Server{Config: cfg, limits: newLimits()} }

const (
	authorizePath     = "/oauth/authorize"
	tokenPath         = "/oauth/token"
	revocationPath    = "/oauth/revoke"
	introspectionPath = "/oauth/introspect"
	keysPath          = "/oauth/keys"
	metadataPath      = "/.well-known/oauth-authorization-server"
)

// IntrospectionURL and KeysURL are what a resource server is told.
func (s *Server) IntrospectionURL() string { return s.Issuer + introspectionPath }

// KeysURL is the jwks_uri of the metadata.
func (s *Server) KeysURL() string { return s.Issuer + keysPath }

// Register adds the server's routes to mux. Those of the protocol are for
// programs; the others are pages.
func (s *Server) Register(mux *http.ServeMux) {
	protocol := noStore(op.RegisterServer(s, op.Endpoints{
		Authorization: op.NewEndpoint(authorizePath),
		Token:         op.NewEndpoint(tokenPath),
		Introspection: op.NewEndpoint(introspectionPath),
		Revocation:    op.NewEndpoint(revocationPath),
		JwksURI:       op.NewEndpoint(keysPath),
	}, op.WithServerCORSOptions(nil))) // by default any page may read any answer
	mux.Handle("GET "+authorizePath, s.LimitVisits(s.forPeople(protocol)))
	mux.Handle("GET "+keysPath, protocol)
	// Resource servers introspect. They are not limited: whoever shares their
	// address could stop the API.
	mux.Handle("POST "+introspectionPath, http.MaxBytesHandler(bodyOnly(protocol), maxForm))
	for _, path := range []string{tokenPath, revocationPath} {
		mux.Handle("POST "+path, http.MaxBytesHandler(s.limitClients(bodyOnly(protocol)), maxForm))
	}
	mux.HandleFunc("GET "+metadataPath, s.metadata)

	s.registerPages(mux)
}

// noStore keeps tokens out of caches (RFC 6749, section 5.1), and names the
// scheme to a client that was refused (section 5.2).
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(onUnauthorized{w, func() {
			w.Header().Set("WWW-Authenticate", `Basic realm="codereview", charset="UTF-8"`)
		}}, r)
	})
}

// limitClients answers an address that sent too many wrong secrets.
func (s *Server) limitClients(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := address(r)
		if wait := s.limits.clients.wait(from); wait > 0 {
			retryAfter(w, wait)
			httphelper.MarshalJSONWithStatus(w, &oidc.Error{ErrorType: "temporarily_unavailable",
				Description: "too many failed attempts; try again later"}, http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(onUnauthorized{w, func() { s.limits.clients.take(from) }}, r)
	})
}

// onUnauthorized calls a function before the status 401 is written.
type onUnauthorized struct {
	http.ResponseWriter
	do func()
}

func (w onUnauthorized) WriteHeader(status int) {
	if status == http.StatusUnauthorized {
		w.do()
	}
	w.ResponseWriter.WriteHeader(status)
}

// bodyOnly refuses parameters in the URL, where they end up in logs (RFC 6749,
// section 2.3.1). The library would take them from either.
func bodyOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" {
			http.Error(w, "parameters belong in the body", http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
