package webapi

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// ProtectedResource is the content of protected resource metadata (RFC 9728,
// section 2).
type ProtectedResource struct {
	// Resource is the resource identifier: the URL of the API as clients use it
	// and as tokens have it in aud, byte for byte. It must be an https URL
	// without a fragment; http is allowed for localhost and loopback addresses.
	Resource string
	// AuthorizationServers are the issuers of the tokens that the API accepts.
	AuthorizationServers []string
	// Scopes is the catalogue of the API, or nil. Without a Baseline, its scopes are
	// scopes_supported.
	Scopes CatalogSource
	// Baseline are the scopes that a client should ask for first. If it is not empty,
	// they are scopes_supported instead of the whole catalogue, since clients of the
	// Model Context Protocol ask for every scope that is there. Whatever else an
	// operation needs, its challenge names. Each must be in the catalogue; one that
	// a [Registry] has removed since is left out.
	Baseline []Scope
	// Name is the resource_name and Documentation the URL of
	// resource_documentation. Both may be "".
	Name, Documentation string
}

// Metadata is an [http.Handler] that serves the metadata of a [ProtectedResource]
// (RFC 9728, section 3), with the scopes at the time of the request. It handles
// GET and HEAD, allows any origin to read the response and to send any header field
// with the request (CORS), and makes caches revalidate it by its ETag each time.
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
//		Baseline:             []webapi.Scope{NoteScopeRead},
//	})
//	cfg := &webapi.Config{ResourceMetadata: metadata.URL()}
//	mux.Handle(metadata.Pattern(), metadata)
//
// It returns an error if a URL of p is invalid, and if Baseline has a scope that the
// catalogue does not have, or offline_access, which the metadata never has.
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
	p.Baseline = slices.Clone(p.Baseline)
	catalogued := ScopesSupported(p.Scopes)
	for i, s := range p.Baseline {
		switch {
		case s == offlineAccess:
			return nil, fmt.Errorf("webapi: metadata: Baseline[%d]: %s is a scope of the authorization server", i, s)
		case !slices.Contains(catalogued, string(s)):
			return nil, fmt.Errorf("webapi: metadata: Baseline[%d]: %q is not in the catalogue", i, s)
		}
	}
	return &Metadata{resource: p, wellKnown: wellKnownOf(u)}, nil
}

// scopesSupported returns the value of scopes_supported.
func (m *Metadata) scopesSupported() []string {
	baseline := m.resource.Baseline
	return slices.DeleteFunc(ScopesSupported(m.resource.Scopes), func(s string) bool {
		return Scope(s) == offlineAccess || len(baseline) > 0 && !slices.Contains(baseline, Scope(s))
	})
}

// URL returns the URL of the metadata, for Config.ResourceMetadata: the URL of the
// resource with /.well-known/oauth-protected-resource inserted between host and
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

// ServeHTTP responds with the metadata, or to the preflight of a request for it.
func (m *Metadata) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD")
		// "*" would not cover Authorization (https://fetch.spec.whatwg.org, section 3.3.3).
		h["Access-Control-Allow-Headers"] = r.Header.Values("Access-Control-Request-Headers")
		addVary(h, "Access-Control-Request-Headers")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		WriteError(w, r, methodNotAllowed("GET, HEAD"))
		return
	}
	body := encode(document{
		Resource:             m.resource.Resource,
		AuthorizationServers: m.resource.AuthorizationServers,
		ScopesSupported:      m.scopesSupported(),
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

const wellKnownPath = "/.well-known/oauth-protected-resource"

// wellKnown is the location of the metadata: its URL and its [http.ServeMux]
// pattern.
type wellKnown struct{ url, pattern string }

// wellKnownOf returns the location for the resource identifier u (RFC 9728,
// section 3.1): a path of a single slash is dropped.
func wellKnownOf(u *url.URL) wellKnown {
	at := wellKnownPath
	if u.Path != "/" {
		at += u.EscapedPath()
	}
	location := wellKnown{url: u.Scheme + "://" + u.Host + at, pattern: at}
	if u.RawQuery != "" {
		location.url += "?" + u.RawQuery
	}
	if strings.HasSuffix(at, "/") {
		location.pattern += "{$}" // not the paths that begin with it
	}
	return location
}

// identifier parses a resource identifier (RFC 9728, section 1.2).
func identifier(s string) (*url.URL, error) {
	if !quotable(s) || strings.ContainsAny(s, ` "<>\^{|}`+"`") {
		return nil, fmt.Errorf("%q has a character that a URL cannot have", s)
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, err
	case u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return nil, fmt.Errorf("%q is no URL with a host", s)
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, fmt.Errorf("%q is not https", s)
	case strings.Contains(s, "#"):
		return nil, fmt.Errorf("%q has a fragment", s)
	case u.User != nil:
		return nil, errors.New("has a user") // without s, which may have a password
	case strings.HasSuffix(s, "?"):
		return nil, fmt.Errorf("%q has an empty query", s)
	case u.Path != "" && u.Path != cleanPath(u.Path):
		return nil, fmt.Errorf("%q has a path with an empty, . or .. segment", s)
	}
	return u, nil
}

// cleanPath returns p without empty, . and .. segments, which [http.ServeMux] would
// redirect.
func cleanPath(p string) string {
	clean := path.Clean(p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// checkIssuer returns an error if s is not an issuer identifier (RFC 8414, section
// 2).
func checkIssuer(s string) error {
	_, err := identifier(s)
	if err == nil && strings.Contains(s, "?") {
		return fmt.Errorf("%q has a query", s)
	}
	return err
}

// isLoopback reports whether host is localhost or a loopback address.
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.IsLoopback()
}
