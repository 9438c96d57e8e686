package webapi

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strings"
)

const wellKnownPath = "/.well-known/oauth-protected-resource"

// wellKnown is where the metadata of a resource is.
type wellKnown struct{ url, pattern string }

// wellKnownOf returns the place by RFC 9728, section 3.1: between the host and
// what follows it, of which a sole slash is dropped.
func wellKnownOf(u *url.URL) wellKnown {
	at := wellKnownPath
	if u.Path != "/" {
		at += u.EscapedPath()
	}
	place := wellKnown{url: u.Scheme + "://" + u.Host + at, pattern: at}
	if u.RawQuery != "" {
		place.url += "?" + u.RawQuery
	}
	if strings.HasSuffix(at, "/") {
		place.pattern += "{$}" // and nothing below it
	}
	return place
}

// identifier reads a resource identifier (RFC 9728, section 1.2).
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
		return nil, errors.New("has a user") // and perhaps a password, which is not repeated
	case strings.HasSuffix(s, "?"):
		return nil, fmt.Errorf("%q has an empty query", s)
	case u.Path != "" && u.Path != cleanPath(u.Path):
		return nil, fmt.Errorf("%q has a path with an empty, . or .. segment", s)
	}
	return u, nil
}

// cleanPath returns p without empty, . and .. segments, as [http.ServeMux] wants it.
func cleanPath(p string) string {
	clean := path.Clean(p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// checkIssuer returns what keeps s from being an issuer identifier (RFC 8414,
// section 2).
func checkIssuer(s string) error {
	_, err := identifier(s)
	if err == nil && strings.Contains(s, "?") {
		return fmt.Errorf("%q has a query", s)
	}
	return err
}

// isLoopback reports whether host is this machine.
func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.IsLoopback()
}
