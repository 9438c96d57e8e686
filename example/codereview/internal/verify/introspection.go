package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Introspection asks an authorization server (RFC 7662).
type Introspection struct {
	URL              string // of the introspection endpoint
	ClientID, Secret string // of this resource server (section 2.1)
	Issuer, Audience string // what a token must be from and for
	HTTP             *http.Client
}

// introspected is what of an answer counts here (section 2.2).
type introspected struct {
	Active   bool     `json:"active"`
	Expires  int64    `json:"exp"`
	Issuer   string   `json:"iss"`
	Audience audience `json:"aud"`
	Subject  string   `json:"sub"`
	ClientID string   `json:"client_id"`
}

// Verify implements [webapi.Verifier]. Nothing is cached: that would be the time
// for which a revoked token still works (section 4).
func (i *Introspection) Verify(ctx context.Context, secret string) (webapi.Token, error) {
	body, err := i.ask(ctx, secret)
	if err != nil {
		return webapi.Token{}, fmt.Errorf("introspection: %w", err)
	}
	var t introspected
	claims := map[string]any{}
	if err := json.Unmarshal(body, &t); err != nil {
		return webapi.Token{}, fmt.Errorf("introspection: %w", err)
	}
	if err := json.Unmarshal(body, &claims); err != nil {
		return webapi.Token{}, fmt.Errorf("introspection: %w", err)
	}
	if !t.Active || t.Issuer != i.Issuer || !slices.Contains(t.Audience, i.Audience) {
		return webapi.Token{}, webapi.ErrLoginFailed
	}
	scopes, err := webapi.ScopesFromClaims(claims)
	if err != nil {
		return webapi.Token{}, err
	}
	return webapi.Token{Scopes: scopes, Expires: time.Unix(t.Expires, 0), Subject: t.Subject, ClientID: t.ClientID}, nil
}

func (i *Introspection) ask(ctx context.Context, secret string) (_ []byte, err error) {
	form := url.Values{"token": {secret}, "token_type_hint": {"access_token"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, i.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	// RFC 6749, section 2.3.1: the form encoding comes before Basic's.
	req.SetBasicAuth(url.QueryEscape(i.ClientID), url.QueryEscape(i.Secret))
	res, err := i.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", i.URL, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, 64<<10))
}

// audience is the aud of a JWT: a string or a list (RFC 7519, section 4.1.3).
type audience []string

func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}
