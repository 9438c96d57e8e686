package main

import (
	"context"
	"errors"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/api"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/authserver"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/demo"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/verify"
)

// apiClient is the API as a client of the authorization server, for RFC 7662.
const apiClient = "codereview-api"

// saveOwnClients registers the clients that the server itself is. The API gets
// a new secret each time it starts, which nobody needs to keep.
func (s *server) saveOwnClients(ctx context.Context) error {
	api := store.Client{ID: apiClient, Name: "The API", MayIntrospect: true}
	pages := store.Client{ID: authserver.WebClient, Name: "The site", Public: true}
	return errors.Join(s.store.SaveClient(ctx, api, s.secret), s.store.SaveClient(ctx, pages, ""))
}

// seeded is what somebody who tries the server out needs.
type seeded struct {
	token    string // of alice, for reading and reviewing
	apiToken string // of root, for reading
	secret   string // of the client ci-bot
}

// seed fills the database with something to try: users and clients as they are
// here, and reviews if there are none yet. Every user has the password.
func (s *server) seed(ctx context.Context, password string) (seeded, error) {
	err := errors.Join(
		s.store.SaveUser(ctx, store.User{Username: "alice", Name: "Alice Adams"}, password),
		s.store.SaveUser(ctx, store.User{Username: "bob", Name: "Bob Brown"}, password),
		s.store.SaveUser(ctx, store.User{Username: "root", Name: "Ruth Root", Admin: true}, password),
	)
	var scopes []string
	for _, entry := range s.registry.Catalog().All() {
		scopes = append(scopes, string(entry.Scope))
	}
	made := seeded{secret: store.NewSecret("crs_"), apiToken: store.NewSecret(verify.APITokenPrefix)}
	err = errors.Join(err,
		s.store.SaveClient(ctx, store.Client{
			ID: demo.ClientID, Name: "Review Dashboard", Public: true, Scopes: scopes,
			RedirectURIs: []string{demo.RedirectURL(s.issuer), "http://127.0.0.1/callback", "http://[::1]/callback"},
			GrantTypes:   []string{"authorization_code", "refresh_token"},
		}, ""),
		s.store.SaveClient(ctx, store.Client{
			ID: "ci-bot", Name: "Continuous integration", GrantTypes: []string{"client_credentials"},
			Scopes: []string{"repository:read", "review_request:read", "review:read", "review:write"},
		}, made.secret),
	)
	if err != nil {
		return made, err
	}
	if err := s.seedReviews(ctx); err != nil {
		return made, err
	}
	made.token, err = s.auth.Issue(ctx, store.Grant{ID: store.NewSecret(""), ClientID: demo.ClientID, Subject: "alice",
		Scopes: webapi.MakeScopes(api.RepositoryScopeRead, api.ReviewRequestScopeRead, api.ReviewScopeRead, api.ReviewScopeWrite).String()},
		24*time.Hour)
	if err != nil {
		return made, err
	}
	return made, s.store.SaveAPIToken(ctx, made.apiToken,
		store.APIToken{Username: "root", Policy: `{"resources": {"*": {"allow": ["GET"], "block": ["*"]}}}`})
}

func (s *server) seedReviews(ctx context.Context) error {
	err := s.store.AddRepository(ctx, store.Repository{Name: "compiler", Description: "Turns ideas into machine code", Owner: "alice"})
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	if err != nil {
		return err
	}
	request, err := s.store.AddReviewRequest(ctx, "compiler",
		store.ReviewRequest{Summary: "Fold constants before inlining", Status: "pending", Author: "alice"})
	if err != nil {
		return err
	}
	_, err = s.store.AddReview(ctx, "compiler", request.Number,
		store.Review{Author: "bob", Body: "Looks right. A test for overflow?", ShipIt: false})
	return err
}
