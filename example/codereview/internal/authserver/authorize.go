package authserver

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// VerifyAuthRequest finds the client of an authorization request. An error here
// is shown to the person at the browser: until it is known that the redirect
// URI is the client's, nobody is sent there (RFC 6749, section 4.1.2.1).
func (s *Server) VerifyAuthRequest(ctx context.Context, r *op.Request[oidc.AuthRequest]) (*op.ClientRequest[oidc.AuthRequest], error) {
	c, err := s.Store.Client(ctx, r.Data.ClientID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, oidc.ErrInvalidRequest().WithDescription("client_id: no such client")
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	if !(client{c}).redirectsTo(r.Data.RedirectURI) {
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("redirect_uri: not registered by this client")
	}
	if !slices.Contains(c.GrantTypes, string(oidc.GrantTypeCode)) {
		return nil, oidc.ErrUnauthorizedClient().WithDescription("client_id: this client cannot ask a user")
	}
	return &op.ClientRequest[oidc.AuthRequest]{Request: r, Client: client{c}}, nil
}

// Authorize keeps the request and sends the browser to the consent page. What
// is wrong with the request, its client is told by a redirect.
func (s *Server) Authorize(ctx context.Context, r *op.ClientRequest[oidc.AuthRequest]) (*op.Redirect, error) {
	scopes, problem := s.checkAuthRequest(r)
	if problem != nil {
		problem.State = r.Data.State
		return op.NewRedirect(s.errorURL(r.Data.RedirectURI, problem)), nil
	}
	id := store.NewSecret("")
	err := s.Store.SaveAuthorization(ctx, id, store.Authorization{
		Grant:       store.Grant{ID: store.NewSecret(""), ClientID: r.Client.GetID(), Scopes: scopes.String()},
		RedirectURI: r.Data.RedirectURI,
		State:       r.Data.State,
		Challenge:   r.Data.CodeChallenge,
	}, requestLifetime)
	if errors.Is(err, store.ErrText) {
		return nil, oidc.ErrInvalidRequest().WithDescription("a parameter has a NUL or is not UTF-8")
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	return op.NewRedirect(onward("/consent", id)), nil
}

// checkAuthRequest returns the scopes that the client may ask for, or what is
// wrong. PKCE is required of every client, and S256 of PKCE: plain would show
// the verifier to whoever sees the request (RFC 9700, section 2.1.1).
func (s *Server) checkAuthRequest(r *op.ClientRequest[oidc.AuthRequest]) (webapi.Scopes, *oidc.Error) {
	switch {
	case r.Data.RequestParam != "":
		return webapi.Scopes{}, oidc.ErrRequestNotSupported()
	case r.Data.ResponseMode != "" && r.Data.ResponseMode != oidc.ResponseModeQuery:
		return webapi.Scopes{}, oidc.ErrInvalidRequest().WithDescription("response_mode: want query")
	case r.Data.CodeChallenge == "":
		return webapi.Scopes{}, oidc.ErrInvalidRequest().WithDescription("code_challenge: missing; PKCE is required")
	case r.Data.CodeChallengeMethod != oidc.CodeChallengeMethodS256:
		return webapi.Scopes{}, oidc.ErrInvalidRequest().WithDescription("code_challenge_method: want S256")
	case len(r.Data.CodeChallenge) != 43: // of 32 bytes in base64 (RFC 7636, section 4.2)
		return webapi.Scopes{}, oidc.ErrInvalidRequest().WithDescription("code_challenge: want 43 characters")
	case !onlyResource(r.Form["resource"], s.Resource):
		return webapi.Scopes{}, oidc.ErrInvalidTarget()
	}
	scopes := s.grantable(r.Client.(client).Client, r.Data.Scopes)
	if scopes.Len() == 0 {
		return scopes, oidc.ErrInvalidScope().WithDescription("scope: none that this client may ask for")
	}
	return scopes, nil
}

// onlyResource reports whether the resource parameters of RFC 8707 name none
// but the one that there is.
func onlyResource(asked []string, resource string) bool {
	return !slices.ContainsFunc(asked, func(r string) bool { return r != resource })
}

// grantable returns those of the scopes that are the client's and, now, in the
// catalogue. The server says in the token response what it granted (RFC 6749,
// section 3.3).
func (s *Server) grantable(c *store.Client, asked []string) webapi.Scopes {
	catalog := s.Scopes.Catalog()
	var kept []webapi.Scope
	for _, scope := range asked {
		if _, known := catalog.Lookup(webapi.Scope(scope)); known && slices.Contains(c.Scopes, scope) {
			kept = append(kept, webapi.Scope(scope))
		}
	}
	return webapi.MakeScopes(kept...)
}

// errorURL and answerURL are where the browser takes the answer to. iss says
// whose it is, so that a client of several servers cannot mix them up (RFC 9207).
func (s *Server) errorURL(redirectURI string, e *oidc.Error) string {
	answer := url.Values{"error": {string(e.ErrorType)}}
	if e.Description != "" {
		answer.Set("error_description", e.Description)
	}
	return s.answerURL(redirectURI, e.State, answer)
}

func (s *Server) answerURL(redirectURI, state string, answer url.Values) string {
	u, err := url.Parse(redirectURI)
	if err != nil { // one that was registered parses
		return "/"
	}
	answer.Set("iss", s.Issuer)
	if state != "" {
		answer.Set("state", state)
	}
	query := u.Query()
	for name, values := range answer {
		query[name] = values
	}
	u.RawQuery = query.Encode()
	return u.String()
}
