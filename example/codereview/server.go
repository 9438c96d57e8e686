package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/api"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/authserver"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/demo"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/verify"
)

// config is what the flags say.
type config struct {
	issuer     string // the URL under which clients reach the server
	dsn        string // of the database; see store.Open
	verify     string // how the API verifies tokens: local, introspection or jwt
	signingKey string // the PEM file of -verify=jwt
	bcryptCost int    // of passwords; 0 means the usual one
	logger     *slog.Logger
}

// server is the API and the authorization server, which here share a process
// and a database, and would be two in a larger place.
type server struct {
	http.Handler
	config
	store    *store.Store
	auth     *authserver.Server
	registry *webapi.Registry // what extensions add their scopes to
	client   *http.Client     // with which the API asks the authorization server
	secret   string           // of apiClient
}

// newServer opens the database and puts everything together.
func newServer(ctx context.Context, cfg config) (*server, error) {
	db, err := store.Open(ctx, cfg.dsn)
	if err != nil {
		return nil, err
	}
	db.PasswordCost = cmp.Or(cfg.bcryptCost, db.PasswordCost)
	s := &server{
		config: cfg, store: db, registry: new(webapi.Registry), secret: store.NewSecret("crs_"),
		client: &http.Client{
			Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // it sends secrets
		},
	}
	s.logger = cmp.Or(s.logger, slog.Default())
	if err := s.build(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *server) build(ctx context.Context) error {
	if err := s.registry.Add("codereview", api.WebAPIResources()); err != nil {
		return err
	}
	sessions := s.newSessions()
	resource := s.issuer + "/api"
	s.auth = authserver.New(authserver.Config{
		Issuer: s.issuer, Resource: resource, Store: s.store, Sessions: sessions, Scopes: s.registry, Logger: s.logger,
	})
	verifier, err := s.verifier(resource)
	if err != nil {
		return err
	}
	metadata, err := webapi.NewMetadata(webapi.ProtectedResource{
		Resource: resource, AuthorizationServers: []string{s.issuer}, Scopes: s.registry, Name: "Code Review",
	})
	if err != nil {
		return err
	}
	if err := s.saveOwnClients(ctx); err != nil {
		return err
	}

	audit := new(api.AuditLog)
	guard := &webapi.Config{
		Realm: "codereview", ResourceMetadata: metadata.URL(), Logger: s.logger,
		OnDecision: audit.Record, Logout: s.auth.Logout,
	}
	routes := http.NewServeMux()
	api.Register(routes, s.store, audit, metadata.URL())
	protect := guard.Middleware(webapi.Bearer(verify.APITokens(s.store, verifier)), webapi.Session(s.auth))

	mux := http.NewServeMux()
	mux.Handle("/api/", sessions.LoadAndSave(protect(routes)))
	mux.Handle(metadata.Pattern(), metadata)
	mux.HandleFunc("GET /access", access)
	s.auth.Register(mux)
	demo.Register(mux, sessions, s.auth, s.issuer, s.client)
	s.Handler = s.auth.Pages(mux)
	return nil
}

// newSessions returns the manager of login sessions. It is not made by scs.New,
// which begins to clean up a store in memory that nobody would use.
func (s *server) newSessions() *scs.SessionManager {
	name, secure := "codereview", strings.HasPrefix(s.issuer, "https://")
	if secure {
		name = "__Host-" + name // no other host of the domain can set it
	}
	return &scs.SessionManager{
		Store:            store.Sessions{Store: s.store},
		HashTokenInStore: true,
		Codec:            scs.GobCodec{},
		Lifetime:         authserver.SessionLifetime,
		Cookie: scs.SessionCookie{
			Name: name, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure,
		},
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			s.logger.ErrorContext(r.Context(), "session failed", "error", err)
			http.Error(w, "Something went wrong. Try again later.", http.StatusInternalServerError)
		},
	}
}

// verifier returns the verifier of access tokens that -verify names.
func (s *server) verifier(resource string) (webapi.Verifier, error) {
	switch s.verify {
	case "local":
		return verify.Local(s.store), nil
	case "introspection":
		return &verify.Introspection{
			URL: s.auth.IntrospectionURL(), ClientID: apiClient, Secret: s.secret,
			Issuer: s.issuer, Audience: resource, HTTP: s.client,
		}, nil
	case "jwt":
		signer, err := authserver.NewSigner(s.signingKey)
		if err != nil {
			return nil, err
		}
		s.auth.Signer = signer
		return verify.NewJWT(s.issuer, resource, s.auth.KeysURL(), s.client, s.revoked), nil
	}
	return nil, fmt.Errorf("-verify=%s: want local, introspection or jwt", s.verify)
}

// revoked reports whether a JWT is no longer in the table of tokens, which the
// API can look into because it shares the database.
func (s *server) revoked(ctx context.Context, token string) (bool, error) {
	_, err := s.store.AccessToken(ctx, token)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// Close ends what the server holds open.
func (s *server) Close() error {
	s.client.CloseIdleConnections()
	return s.store.Close()
}
