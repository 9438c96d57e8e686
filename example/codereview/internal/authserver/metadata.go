package authserver

import (
	"encoding/json"
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// metadata is that of RFC 8414, section 2, with what RFC 9207, section 3, adds.
type metadata struct {
	Issuer                   string   `json:"issuer"`
	AuthorizationEndpoint    string   `json:"authorization_endpoint"`
	TokenEndpoint            string   `json:"token_endpoint"`
	RevocationEndpoint       string   `json:"revocation_endpoint"`
	IntrospectionEndpoint    string   `json:"introspection_endpoint"`
	JWKSURI                  string   `json:"jwks_uri,omitempty"`
	ScopesSupported          []string `json:"scopes_supported"`
	ResponseTypes            []string `json:"response_types_supported"`
	ResponseModes            []string `json:"response_modes_supported"`
	GrantTypes               []string `json:"grant_types_supported"`
	TokenAuthMethods         []string `json:"token_endpoint_auth_methods_supported"`
	RevocationAuthMethods    []string `json:"revocation_endpoint_auth_methods_supported"`
	IntrospectionAuthMethods []string `json:"introspection_endpoint_auth_methods_supported"`
	ChallengeMethods         []string `json:"code_challenge_methods_supported"`
	IssInAnswer              bool     `json:"authorization_response_iss_parameter_supported"`
}

// metadata serves the metadata of the moment: scopes come and go with
// extensions.
//
//webapi:public reason="a client asks this before it has a token, to find out how to get one"
func (s *Server) metadata(w http.ResponseWriter, _ *http.Request) {
	clients := []string{"none", "client_secret_basic", "client_secret_post"}
	m := metadata{
		Issuer:                   s.Issuer,
		AuthorizationEndpoint:    s.Issuer + authorizePath,
		TokenEndpoint:            s.Issuer + tokenPath,
		RevocationEndpoint:       s.Issuer + revocationPath,
		IntrospectionEndpoint:    s.IntrospectionURL(),
		ScopesSupported:          webapi.ScopesSupported(s.Scopes),
		ResponseTypes:            []string{"code"},
		ResponseModes:            []string{"query"},
		GrantTypes:               []string{"authorization_code", "client_credentials", "refresh_token"},
		TokenAuthMethods:         clients,
		RevocationAuthMethods:    clients,
		IntrospectionAuthMethods: clients[1:],
		ChallengeMethods:         []string{"S256"},
		IssInAnswer:              true,
	}
	if s.Signer != nil {
		m.JWKSURI = s.KeysURL()
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "no-cache")
	_ = json.NewEncoder(w).Encode(m) // a client that has gone cannot be told
}
