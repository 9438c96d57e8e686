package export

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A Document is what an overlay needs to know of an OpenAPI document.
type Document struct {
	Version    string              // such as 3.1.0 or 2.0
	Operations []DocumentOperation // in the order of the document
	Schemes    []Scheme            // in the order of the document
	BasePath   string              // the path of the server, "" if there is none or several differ
}

// A DocumentOperation is an operation of a document.
type DocumentOperation struct {
	Path, Method string // the key of its paths, and the method in capitals
	Pos          token.Position
}

// A Scheme is a security scheme.
type Scheme struct{ Name, Type string }

// methodFields are the fields of a Path Item Object that are operations.
var methodFields = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// ReadDocument reads an OpenAPI document of version 2.0 or 3, in YAML or JSON. Path is the
// one of messages.
func ReadDocument(path string, text []byte) (*Document, error) {
	d := documentReader{path: path}
	dec := yaml.NewDecoder(strings.NewReader(string(text)))
	var node yaml.Node
	if err := dec.Decode(&node); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the document is empty", path)
	} else if err != nil {
		return nil, fmt.Errorf("%s: it is neither YAML nor JSON: %w", path, err)
	}
	root := resolved(&node)
	version := cmp.Or(scalarOf(entry(root, "openapi")), scalarOf(entry(root, "swagger")))
	if !strings.HasPrefix(version, "3.") && version != "2.0" {
		return nil, fmt.Errorf("%s: it is no OpenAPI document of version 3 or 2.0: got %q", d.at(root), version)
	}
	paths := entry(root, "paths")
	if paths == nil || paths.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: the document has no paths", d.at(root))
	}
	doc := &Document{Version: version, BasePath: basePath(root)}
	var errs []error
	for key, item := range pairs(paths) {
		if key.Tag == "!!merge" {
			errs = append(errs, fmt.Errorf("%s: paths are merged from elsewhere, which is not read: write them out", d.at(key)))
		}
		if !strings.HasPrefix(key.Value, "/") {
			continue // an extension, x-...
		}
		for field, value := range pairs(item) {
			switch {
			case field.Value == "$ref":
				errs = append(errs, fmt.Errorf("%s: the operations of %s are in %s, which is not read: bundle the document first", d.at(field), key.Value, scalarOf(value)))
			case field.Tag == "!!merge":
				errs = append(errs, fmt.Errorf("%s: operations of %s are merged from elsewhere, which is not read: write them out", d.at(field), key.Value))
			case slices.Contains(methodFields, field.Value):
				doc.Operations = append(doc.Operations, DocumentOperation{key.Value, strings.ToUpper(field.Value), d.at(field)})
			case field.Value == "additionalOperations":
				for method := range pairs(value) {
					doc.Operations = append(doc.Operations, DocumentOperation{key.Value, method.Value, d.at(method)})
				}
			}
		}
	}
	for _, schemes := range []*yaml.Node{entry(entry(root, "components"), "securitySchemes"), entry(root, "securityDefinitions")} {
		for key, scheme := range pairs(schemes) {
			doc.Schemes = append(doc.Schemes, Scheme{key.Value, scalarOf(entry(scheme, "type"))})
		}
	}
	return doc, errors.Join(errs...)
}

// Is2 reports whether the document is one of version 2.0.
func (d *Document) Is2() bool { return d.Version == "2.0" }

// OAuth2Scheme returns the security scheme with a name, which has to be one that has scopes. If
// name is "", it returns the only one that the document has.
func (d *Document) OAuth2Scheme(name string) (string, error) {
	types := []string{"oauth2", "openIdConnect"}
	if !d.Is2() && !strings.HasPrefix(d.Version, "3.0") && name != "" {
		types = append(types, "http") // has scopes from 3.1 on
	}
	var names []string
	for _, s := range d.Schemes {
		switch ok := slices.Contains(types, s.Type); {
		case s.Name == name && !ok:
			return "", fmt.Errorf("the security scheme %q of the document is of the type %s, which has no scopes", name, s.Type)
		case s.Name == name:
			return name, nil
		case ok:
			names = append(names, s.Name)
		}
	}
	switch {
	case name == "" && len(names) == 1:
		return names[0], nil
	case len(names) == 0:
		return "", fmt.Errorf("the document has no security scheme of the type %s", strings.Join(types, " or "))
	case name == "":
		return "", fmt.Errorf("the document has several security schemes that may be the one: %s", strings.Join(names, ", "))
	}
	return "", fmt.Errorf("the document has no security scheme %q; it has %s", name, strings.Join(names, ", "))
}

// HasScheme reports whether the document has a security scheme with a name.
func (d *Document) HasScheme(name string) bool {
	return slices.ContainsFunc(d.Schemes, func(s Scheme) bool { return s.Name == name })
}

type documentReader struct{ path string }

func (d *documentReader) at(n *yaml.Node) token.Position {
	return token.Position{Filename: d.path, Line: n.Line, Column: n.Column}
}

// resolved returns what a node stands for: the root of a document, and the node of an alias.
func resolved(n *yaml.Node) *yaml.Node {
	for n != nil && (n.Kind == yaml.AliasNode || n.Kind == yaml.DocumentNode) {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		} else {
			n = n.Content[0]
		}
	}
	return n
}

// pairs returns the keys and values of a mapping, and nothing of another node.
func pairs(n *yaml.Node) func(func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		if n = resolved(n); n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(resolved(n.Content[i]), resolved(n.Content[i+1])) {
				return
			}
		}
	}
}

// entry returns the value of a key, nil if there is none.
func entry(n *yaml.Node, name string) *yaml.Node {
	for key, value := range pairs(n) {
		if key.Value == name {
			return value
		}
	}
	return nil
}

// scalarOf returns the text of a scalar, "" for anything else.
func scalarOf(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// basePath returns the path that all servers of a document have.
func basePath(root *yaml.Node) string {
	if base := scalarOf(entry(root, "basePath")); base != "" {
		return strings.TrimRight(base, "/")
	}
	servers := entry(root, "servers")
	if servers == nil || servers.Kind != yaml.SequenceNode {
		return ""
	}
	var paths []string
	for _, s := range servers.Content {
		path := scalarOf(entry(s, "url"))
		if _, rest, ok := strings.Cut(path, "://"); ok {
			host, _, _ := strings.Cut(rest, "/")
			path = rest[len(host):]
		}
		paths = append(paths, strings.TrimRight(path, "/"))
	}
	if slices.Sort(paths); len(slices.Compact(paths)) != 1 || strings.Contains(paths[0], "{") {
		return ""
	}
	return paths[0]
}
