package webapi

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// ProtectedResource is what the metadata of an API says (RFC 9728, section 2).
type ProtectedResource struct {
	// Resource is the resource identifier: the URL of the API, byte for byte
	// as clients know it and as tokens name it in aud. It is an https URL
	// without a fragment; http is accepted for this machine (localhost,
	// 127.0.0.1, [::1]).
	Resource string
	// AuthorizationServers are the issuers of the tokens that the API accepts.
	AuthorizationServers []string
	// Scopes has the scopes of scopes_supported; nil leaves them out.
	Scopes CatalogSource
	// Name and Documentation are for people: a name, and the URL of a page.
	// Empty ones are left out.
	Name, Documentation string
}

// Metadata serves the metadata of a [ProtectedResource] (RFC 9728, section 3).
// The scopes are those of the moment of the request. It answers GET and HEAD,
// lets pages of any origin read it, as clients in browsers do, and tells caches
// to ask again each time, which a 304 answers while nothing has changed.
type Metadata struct {
	resource  ProtectedResource
	wellKnown wellKnown
}

// NewMetadata returns the handler of the metadata of p:
//
//	metadata, err := webapi.NewMetadata(webapi.ProtectedResource{
//		Resource:             "https://api.example.com/v1",
//		AuthorizationServers: []string{"https://login.example.com"},
//		Scopes:               registry,
//	})
//	cfg := &webapi.Config{ResourceMetadata: metadata.URL()}
//	mux.Handle(metadata.Pattern(), metadata)
//
// The error says which URL of p cannot be one.
func NewMetadata(p ProtectedResource) (*Metadata, error) {
	u, err := identifier(p.Resource)
	if err != nil {
		return nil, fmt.Errorf("webapi: metadata: Resource: %w", err)
	}
	p.AuthorizationServers = slices.Clone(p.AuthorizationServers)
	for i, issuer := range p.AuthorizationServers {
		if err := checkIssuer(issuer); err != nil {
			return nil, fmt.Errorf("webapi: metadata: AuthorizationServers[%d]: %w", i, err)
		}
	}
	return &Metadata{resource: p, wellKnown: wellKnownOf(u)}, nil
}

// URL returns the URL of the metadata, for Config.ResourceMetadata: the
// resource's with /.well-known/oauth-protected-resource between its host and its
// path (RFC 9728, section 3.1).
func (m *Metadata) URL() string { return m.wellKnown.url }

// Pattern returns the path of URL as a pattern of [http.ServeMux].
func (m *Metadata) Pattern() string { return m.wellKnown.pattern }

// document is the JSON of the metadata (RFC 9728, sections 2 and 3.2).
type document struct {
	Resource             string   `json:"resource"`
	AuthorizationServers []string `json:"authorization_servers,omitempty"`
	ScopesSupported      []string `json:"scopes_supported,omitempty"`
	BearerMethods        []string `json:"bearer_methods_supported"`
	Name                 string   `json:"resource_name,omitempty"`
	Documentation        string   `json:"resource_documentation,omitempty"`
}

// ServeHTTP implements [http.Handler].
func (m *Metadata) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		WriteError(w, r, methodNotAllowed("GET, HEAD"))
		return
	}
	body := encode(document{
		Resource:             m.resource.Resource,
		AuthorizationServers: m.resource.AuthorizationServers,
		ScopesSupported:      ScopesSupported(m.resource.Scopes),
		BearerMethods:        []string{"header"},
		Name:                 m.resource.Name,
		Documentation:        m.resource.Documentation,
	})
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(body)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
