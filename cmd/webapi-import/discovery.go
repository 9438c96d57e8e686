package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/token"
	"maps"
	"slices"
)

// A discoveryDoc is a file of Google's API discovery service,
// https://developers.google.com/discovery/v1/reference/apis.
type discoveryDoc struct {
	Kind        string `json:"kind"`
	ServicePath string `json:"servicePath"`
	Auth        struct {
		OAuth2 struct {
			Scopes map[string]struct{ Description string }
		}
	}
	Methods   map[string]discoveryMethod   `json:"methods"`
	Resources map[string]discoveryResource `json:"resources"`
}

type discoveryResource struct {
	Methods   map[string]discoveryMethod   `json:"methods"`
	Resources map[string]discoveryResource `json:"resources"`
}

type discoveryMethod struct {
	ID         string   `json:"id"`
	HTTPMethod string   `json:"httpMethod"`
	Path       string   `json:"path"`
	FlatPath   string   `json:"flatPath"`
	Scopes     []string `json:"scopes"`

	MediaUpload struct {
		Protocols map[string]struct {
			Path string `json:"path"`
		} `json:"protocols"`
	} `json:"mediaUpload"`
}

// isDiscovery reports whether a text is a discovery file.
func isDiscovery(data []byte) bool {
	return bytes.Contains(data, []byte(`"discovery#restDescription"`))
}

// readDiscovery reads a discovery file. A method without scopes needs no credentials: the
// format has no other way to say so.
func readDiscovery(path string, data []byte) (*document, findings, error) {
	var in discoveryDoc
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, nil, err
	}
	oauth2 := &scheme{name: "oauth2", typ: "oauth2", scopes: map[string]string{}}
	for scope, s := range in.Auth.OAuth2.Scopes {
		oauth2.scopes[scope] = oneLine(s.Description)
	}
	r := discoveryReader{
		doc:    &document{path: path, kind: "Google discovery", schemes: []*scheme{oauth2}},
		oauth2: oauth2, servicePath: in.ServicePath,
	}
	r.resource("", discoveryResource{Methods: in.Methods, Resources: in.Resources})
	if len(r.doc.operations) == 0 && len(r.errs) == 0 {
		return nil, nil, errors.New("the discovery file has no methods")
	}
	return r.doc, r.errs, nil
}

type discoveryReader struct {
	doc         *document
	oauth2      *scheme
	servicePath string
	errs        findings
}

func (r *discoveryReader) resource(name string, in discoveryResource) {
	pos := token.Position{Filename: r.doc.path}
	for _, key := range slices.Sorted(maps.Keys(in.Methods)) {
		m := in.Methods[key]
		path := m.FlatPath
		if path == "" {
			path = m.Path
		}
		o := &operation{method: m.HTTPMethod, path: "/" + r.servicePath + path, base: r.servicePath, id: m.ID, tag: name, pos: pos}
		if m.HTTPMethod == "" || path == "" {
			r.errs.add(pos, "the method %q has no httpMethod or no path", m.ID)
			continue
		}
		for _, scope := range m.Scopes {
			if !isScope(scope) {
				r.errs.add(pos, "the method %q has %q, which is no scope of RFC 6749, section 3.3", m.ID, scope)
			}
		}
		if len(m.Scopes) > 0 {
			r.oauth2.used, r.oauth2.listed = true, true
			o.security = []alternative{{need{scheme: r.oauth2, scopes: m.Scopes, pos: pos}}}
		}
		r.doc.operations = append(r.doc.operations, o)
		for _, protocol := range slices.Sorted(maps.Keys(m.MediaUpload.Protocols)) {
			upload := m.HTTPMethod + " " + m.MediaUpload.Protocols[protocol].Path
			r.doc.ignored = append(r.doc.ignored, ignored{upload, "a " + protocol + " upload to " + o.path + ", which needs the same guard"})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(in.Resources)) {
		r.resource(join(name, key), in.Resources[key])
	}
}

// join joins the names of nested resources.
func join(outer, inner string) string {
	if outer == "" {
		return inner
	}
	return outer + "." + inner
}
