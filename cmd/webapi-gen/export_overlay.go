package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/export"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// overlay returns an overlay for a document or, if the options name none, for the paths of
// the routes.
func (x *exporter) overlay(about *exported, o exportOptions) (string, error) {
	var doc *export.Document
	var endpoints []export.Endpoint
	opts, path := o.overlay, ""
	if o.document == "" {
		var without []export.Route
		endpoints, without = export.Endpoints(about.API, o.prefix)
		about.noPath(without, o.prefix)
		opts.Scheme = cmp.Or(opts.Scheme, defaultScheme)
	} else {
		path = filepath.Join(x.root, filepath.FromSlash(o.document))
		text, err := generator.ReadFile(path)
		if err != nil {
			return "", err
		}
		if rel, err := filepath.Rel(x.base, path); err == nil {
			path = rel
		}
		if doc, err = export.ReadDocument(visible(path), text); err != nil {
			return "", err
		}
		endpoints = about.endpoints(doc, o.prefix)
		if opts, err = schemes(doc, opts); err != nil {
			return "", fmt.Errorf("%s: %w", visible(path), err)
		}
	}
	text, exceptions, err := export.Overlay(about.API, endpoints, opts)
	if err != nil && !errors.Is(err, export.ErrNoAction) {
		return "", fmt.Errorf("%w; name it by --api-token-scheme", err)
	}
	var unknown []string
	for _, e := range exceptions {
		if doc == nil {
			about.notes = append(about.notes, e.String())
			continue
		}
		i := slices.IndexFunc(doc.Operations, func(op export.DocumentOperation) bool { return op.Path == e.Path && op.Method == e.Method })
		line := fmt.Sprintf("%s: %s", doc.Operations[i].Pos, e)
		if e.Kind == export.NotKnown {
			unknown = append(unknown, line)
		}
		about.notes = append(about.notes, line)
	}
	if len(unknown) > 0 && !o.keepUnknown {
		what, they, those := "1 operation of "+visible(path)+" requires", "it", "that as it is"
		if n := len(unknown); n > 1 {
			what, they, those = fmt.Sprintf("%d operations of %s require", n, visible(path)), "they", "those as they are"
		}
		return "", fmt.Errorf("it is not known what %s, so %s could keep a security that is wrong; --keep-unknown leaves %s:\n\t%s",
			what, they, those, strings.Join(unknown, "\n\t"))
	}
	if err != nil {
		return "", fmt.Errorf("%w\n\t%s", err, strings.Join(about.notes, "\n\t"))
	}
	return text, nil
}

// schemes returns the options with the security schemes of a document.
func schemes(doc *export.Document, opts export.OverlayOptions) (export.OverlayOptions, error) {
	opts.Version2 = doc.Is2()
	if name := opts.APITokenScheme; name != "" && !doc.HasScheme(name) {
		return opts, fmt.Errorf("the document has no security scheme %q for API tokens", name)
	}
	if opts.AuthorizationURL != "" {
		opts.Scheme = cmp.Or(opts.Scheme, defaultScheme)
		return opts, nil
	}
	name, err := doc.OAuth2Scheme(opts.Scheme)
	if err != nil {
		return opts, fmt.Errorf("%w; name one by --scheme, or define one by --update-scopes, --authorization-url and --token-url", err)
	}
	opts.Scheme = name
	if name == opts.APITokenScheme {
		return opts, errors.New("OAuth2 tokens and API tokens cannot have the same security scheme")
	}
	return opts, nil
}

// noPath adds notes about routes that have no path in an overlay.
func (about *exported) noPath(list []export.Route, prefix string) {
	for _, r := range list {
		why := "its pattern is not known"
		if routes.OpenAPIPath(r.Pattern) != "" && !strings.Contains(r.Pattern, "{?}") {
			why = "it is not below " + prefix
		}
		about.notes = append(about.notes, fmt.Sprintf("%s %s is not described: %s", methodsCell(r.Methods), cmp.Or(r.Pattern, unknownCell), why))
	}
}

// endpoints returns the operations of a document with the routes that serve them, and adds
// notes about the prefix and about the routes that the document lacks.
func (about *exported) endpoints(doc *export.Document, prefix string) []export.Endpoint {
	if below := func(r export.Route) bool {
		_, ok := export.WithoutPrefix(routes.OpenAPIPath(r.Pattern), doc.BasePath)
		return ok
	}; prefix == "" && slices.ContainsFunc(about.Routes, below) {
		prefix = doc.BasePath
	}
	prefix = strings.TrimRight(prefix, "/")
	x := routes.NewPathIndex(about.found.Routes)
	served := map[string]bool{}
	list := make([]export.Endpoint, len(doc.Operations))
	for i, op := range doc.Operations {
		serving := x.Serving(op.Method, prefix+op.Path)
		if op.Path == "/" && prefix != "" && len(serving) == 0 {
			serving = x.Serving(op.Method, prefix)
		}
		list[i] = export.Endpoint{Path: op.Path, Method: op.Method}
		for _, r := range serving {
			for _, route := range about.exportedRoutes(r) {
				if len(route.Methods) == 0 || slices.Contains(route.Methods, op.Method) {
					list[i].Routes = append(list[i].Routes, route)
					served[fmt.Sprint(route)] = true
				}
			}
		}
	}
	about.lacking(served)
	return list
}

// lacking adds a note about the routes that a document lacks, but for those of HEAD and
// OPTIONS.
func (about *exported) lacking(served map[string]bool) {
	const most = 10
	var list []string
	for _, r := range about.Routes {
		aside := len(r.Methods) > 0 && !slices.ContainsFunc(r.Methods, func(m string) bool { return m != "HEAD" && m != "OPTIONS" })
		if name := methodsCell(r.Methods) + " " + cmp.Or(r.Pattern, unknownCell); !aside && !served[fmt.Sprint(r)] && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	if n := len(list); n > 0 {
		text := strings.Join(list[:min(most, n)], ", ")
		if n > most {
			text += fmt.Sprintf(" and %d more", n-most)
		}
		about.notes = append(about.notes, fmt.Sprintf("the document lacks %s: %s", count(n, "route"), text))
	}
}
