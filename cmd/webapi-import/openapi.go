package main

import (
	"fmt"
	"go/token"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel"
	"github.com/pb33f/libopenapi/datamodel/low"
	"github.com/pb33f/libopenapi/index"
	"github.com/pb33f/libopenapi/utils"
)

// readOpenAPI reads a document of OpenAPI 2.0 or 3. The library parses it and finds what
// its references refer to, in other files as well. What the document says about security
// is read from the nodes here, since a form that the specification does not have must be
// an error, and not a list without scopes.
func readOpenAPI(path string, data []byte) (*document, findings, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := libopenapi.NewDocumentWithConfiguration(data, &datamodel.DocumentConfiguration{
		BasePath:                   filepath.Dir(abs),
		SpecFilePath:               abs,
		AllowFileReferences:        true,
		ExcludeExtensionRefs:       true,
		SkipCircularReferenceCheck: true,
		SkipMetadataCollection:     true,
		Logger:                     slog.New(slog.DiscardHandler), // it would write to standard output
	})
	if err != nil {
		return nil, nil, err
	}
	// Errors of the models are those of references. Only those to operations, paths and
	// security schemes matter here, and they are followed below.
	if parsed.GetSpecInfo().SpecFormat == datamodel.OAS2 {
		_, err = parsed.BuildV2Model()
	} else {
		_, err = parsed.BuildV3Model()
	}
	rolodex := parsed.GetRolodex()
	if rolodex == nil || rolodex.GetRootIndex() == nil {
		return nil, nil, err
	}
	r := &openAPIReader{
		doc:     &document{path: path, kind: "OpenAPI " + parsed.GetSpecInfo().Version},
		root:    rolodex.GetRootIndex(),
		dir:     filepath.Dir(abs),
		display: filepath.Dir(path),
	}
	root := place{node: parsed.GetSpecInfo().RootNode, index: r.root}
	if root.node.Kind == yaml.DocumentNode {
		root.node = root.node.Content[0]
	}
	r.schemes(root)
	r.paths(root)
	return r.doc, r.errs, nil
}

// A place is a node, and the index of its file.
type place struct {
	node  *yaml.Node
	index *index.SpecIndex
}

type openAPIReader struct {
	doc          *document
	root         *index.SpecIndex
	dir, display string // of the document: absolute, and as the user named it
	errs         findings
}

// pos returns the position of a node, in a file that is named as the document is.
func (r *openAPIReader) pos(p place) token.Position {
	file := p.index.GetSpecAbsolutePath()
	if p.index == r.root {
		file = r.doc.path
	} else if rel, err := filepath.Rel(r.dir, file); err == nil {
		file = filepath.Join(r.display, rel)
	}
	return token.Position{Filename: file, Line: p.node.Line, Column: p.node.Column}
}

// follow returns what a reference refers to, in as many steps as it takes.
func (r *openAPIReader) follow(p place) (place, bool) {
	for range 32 {
		p.node = utils.ResolveMergeNodes(p.node)
		if ref, _, _ := utils.IsNodeRefValue(p.node); !ref {
			return p, true
		}
		node, idx, err := low.LocateRefNode(p.node, p.index)
		if err != nil || node == nil {
			_, _, to := utils.IsNodeRefValue(p.node)
			r.errs.add(r.pos(p), "the reference %q leads nowhere", to)
			return p, false
		}
		if idx == nil {
			idx = p.index
		}
		p = place{node, idx}
	}
	r.errs.add(r.pos(p), "the reference refers to itself")
	return p, false
}

// entry returns the value of a key of a mapping.
func (p place) entry(key string) (place, bool) {
	for k, v := range p.entries() {
		if k.node.Value == key {
			return v, true
		}
	}
	return place{}, false
}

// text returns the string of a key, "" if there is none.
func (p place) text(key string) string {
	v, _ := p.entry(key)
	if v.node == nil || v.node.Kind != yaml.ScalarNode {
		return ""
	}
	return v.node.Value
}

// entries yields the keys and values of a mapping, and nothing for other nodes.
func (p place) entries() func(yield func(key, value place) bool) {
	return func(yield func(key, value place) bool) {
		node := utils.ResolveMergeNodes(p.node)
		if node == nil || node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(place{node.Content[i], p.index}, place{utils.NodeAlias(node.Content[i+1]), p.index}) {
				return
			}
		}
	}
}

// is reports whether a node is of a kind, and adds an error if it is not.
func (r *openAPIReader) is(p place, kind yaml.Kind, what string) bool {
	if p.node.Kind != kind {
		r.errs.add(r.pos(p), "%s, got %s", what, show(p.node))
		return false
	}
	if kind == yaml.MappingNode {
		r.unique(p)
	}
	return true
}

// unique reports keys that a mapping has twice. Of two entries security, neither counts.
func (r *openAPIReader) unique(p place) {
	seen := map[string]bool{}
	for key := range p.entries() {
		if seen[key.node.Value] {
			r.errs.add(r.pos(key), "the key %q is repeated", key.node.Value)
		}
		seen[key.node.Value] = true
	}
}

// show returns a node in the words of an error.
func show(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "null"
	}
	return fmt.Sprintf("%q", n.Value)
}

func (r *openAPIReader) schemes(root place) {
	declared, ok := root.entry("securityDefinitions")
	if components, has := root.entry("components"); has {
		declared, ok = components.entry("securitySchemes")
	}
	if !ok {
		return
	}
	for name, written := range declared.entries() {
		v, ok := r.follow(written)
		if !ok || !r.is(v, yaml.MappingNode, "a security scheme is a mapping") {
			continue
		}
		s := &scheme{name: name.node.Value, typ: v.text("type"), scopes: map[string]string{}}
		if s.typ == "http" {
			s.typ += " " + strings.ToLower(v.text("scheme"))
		}
		r.texts(s, v)
		if flows, ok := v.entry("flows"); ok {
			for _, flow := range flows.entries() {
				r.texts(s, flow)
			}
		}
		r.doc.schemes = append(r.doc.schemes, s)
	}
}

// texts reads the scopes of a flow.
func (r *openAPIReader) texts(s *scheme, flow place) {
	scopes, _ := flow.entry("scopes")
	if scopes.node == nil {
		return
	}
	for scope, text := range scopes.entries() {
		if s.scopes[scope.node.Value] == "" {
			s.scopes[scope.node.Value] = oneLine(text.node.Value)
		}
	}
}

// oneLine returns a text with each run of spaces and line breaks as one space.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// methods has the fields of a path item that are operations, and additionalOperations has
// more of them.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// other has the fields of a path item that are none.
var other = []string{"$ref", "summary", "description", "servers", "parameters"}

func (r *openAPIReader) paths(root place) {
	whole, _ := r.security(root)
	paths, ok := root.entry("paths")
	if !ok || len(paths.node.Content) == 0 {
		r.errs.add(r.pos(root), "the document has no paths")
		return
	}
	for path, written := range paths.entries() {
		name := path.node.Value
		if strings.HasPrefix(name, "x-") {
			continue
		}
		if !strings.HasPrefix(name, "/") {
			r.errs.add(r.pos(path), "path %q does not begin with a slash", name)
			continue
		}
		item, ok := r.follow(written)
		if !ok || !r.is(item, yaml.MappingNode, "a path item is a mapping") {
			continue
		}
		for key, value := range item.entries() {
			switch field := key.node.Value; {
			case slices.Contains(methods, field):
				r.operation(strings.ToUpper(field), name, value, whole)
			case field == "additionalOperations":
				for method, value := range value.entries() {
					r.operation(method.node.Value, name, value, whole)
				}
			case slices.Contains(other, field), strings.HasPrefix(field, "x-"):
			default:
				r.errs.add(r.pos(key), "path %s has %q, which is no method and no field of a path item", name, field)
			}
		}
		// Fields beside a reference are read as well.
		if written.node != item.node {
			for key, value := range written.entries() {
				if slices.Contains(methods, key.node.Value) {
					r.operation(strings.ToUpper(key.node.Value), name, value, whole)
				}
			}
		}
	}
	if hooks, ok := root.entry("webhooks"); ok && len(hooks.node.Content) > 0 {
		r.doc.ignored = append(r.doc.ignored, ignored{fmt.Sprintf("%d webhooks", len(hooks.node.Content)/2), "requests that the API sends"})
	}
}

func (r *openAPIReader) operation(method, path string, written place, whole []alternative) {
	p, ok := r.follow(written)
	if !ok || !r.is(p, yaml.MappingNode, "an operation is a mapping") {
		return
	}
	o := &operation{method: method, path: path, id: p.text("operationId"), pos: r.pos(p), security: whole}
	if tags, ok := p.entry("tags"); ok && len(tags.node.Content) > 0 {
		o.tag = tags.node.Content[0].Value
	}
	if own, ok := r.security(p); ok {
		o.security = own
	}
	r.doc.operations = append(r.doc.operations, o)
}

// security reads the entry security of an operation or of the document. It returns false
// if there is none.
func (r *openAPIReader) security(p place) (alternatives []alternative, ok bool) {
	list, ok := p.entry("security")
	if !ok {
		return nil, false
	}
	if !r.is(list, yaml.SequenceNode, "security is a list of security requirements, [] for none") {
		return nil, true
	}
	alternatives = []alternative{}
	for _, item := range list.node.Content {
		one := place{utils.ResolveMergeNodes(item), p.index}
		if !r.is(one, yaml.MappingNode, "a security requirement is a mapping of schemes to lists of scopes") {
			continue
		}
		alt := alternative{}
		for key, scopes := range one.entries() {
			if n, ok := r.need(key, scopes); ok {
				alt = append(alt, n)
			}
		}
		alternatives = append(alternatives, alt)
	}
	return alternatives, true
}

func (r *openAPIReader) need(key, scopes place) (need, bool) {
	i := slices.IndexFunc(r.doc.schemes, func(s *scheme) bool { return s.name == key.node.Value })
	if i < 0 {
		r.errs.add(r.pos(key), "the security scheme %q is not declared", key.node.Value)
		return need{}, false
	}
	n := need{scheme: r.doc.schemes[i], pos: r.pos(key)}
	if !r.is(scopes, yaml.SequenceNode, "a security scheme has a list of scopes, [] for none") {
		return need{}, false
	}
	n.scheme.used = true
	for _, item := range scopes.node.Content {
		scope := place{utils.NodeAlias(item), key.index}
		if scope.node.Kind != yaml.ScalarNode || scope.node.Tag == "!!null" || !isScope(scope.node.Value) {
			r.errs.add(r.pos(scope), "got %s: a scope is one word of visible ASCII characters without \" and \\ (RFC 6749, section 3.3)", show(scope.node))
			continue
		}
		n.scheme.listed = true
		n.scopes = append(n.scopes, scope.node.Value)
	}
	return n, true
}

// isScope reports whether a text is a scope token of RFC 6749, section 3.3.
func isScope(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' || c == '"' || c == '\\' })
}
