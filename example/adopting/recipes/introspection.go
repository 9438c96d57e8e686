package recipes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Introspection is a verifier that asks the authorization server for every request
// (RFC 7662), so that a revocation counts at once. Put [webapi.ForAudience] around it.
type Introspection struct {
	URL              string       // of the introspection endpoint
	ClientID, Secret string       // of this server, as a client of the endpoint
	Client           *http.Client // with a timeout
}

// Verify implements [webapi.Verifier]. Its own errors become status 503.
func (i *Introspection) Verify(ctx context.Context, token string) (webapi.Token, error) {
	form := url.Values{"token": {token}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, i.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return webapi.Token{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(i.ClientID), url.QueryEscape(i.Secret)) // RFC 6749, section 2.3.1
	res, err := i.Client.Do(req)
	if err != nil {
		return webapi.Token{}, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return webapi.Token{}, fmt.Errorf("introspection: %s", res.Status)
	}
	var answer struct {
		Active   bool     `json:"active"`
		Scope    string   `json:"scope"`
		Expires  int64    `json:"exp"`
		Audience audience `json:"aud"`
		Subject  string   `json:"sub"`
		ClientID string   `json:"client_id"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, res.Body, 64<<10)).Decode(&answer); err != nil {
		return webapi.Token{}, err
	}
	if !answer.Active {
		return webapi.Token{}, webapi.ErrLoginFailed
	}
	scopes, err := webapi.ParseScopeClaim(answer.Scope)
	return webapi.Token{Scopes: scopes, Expires: time.Unix(answer.Expires, 0), Subject: answer.Subject, ClientID: answer.ClientID, Audience: answer.Audience}, err
}

// audience is a string or a list (RFC 7519, section 4.1.3).
type audience []string

// UnmarshalJSON implements [json.Unmarshaler].
func (a *audience) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(a))
	}
	*a = make(audience, 1)
	return json.Unmarshal(data, &(*a)[0])
}
