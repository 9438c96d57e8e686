// Package reviewboard serves the API of Review Board, each resource behind its
// guard. The resources are in webapi.yaml, which convert makes of tree.json:
// facts read from Review Board's class definitions. Their views say no more
// than which one was called.
package reviewboard

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"
)

//go:generate go run ./convert
//go:generate go tool webapi-gen

//go:embed tree.json
var treeJSON []byte

// A node is a resource of the tree, as far as its URLs go.
type node struct {
	Instance     string   `json:"instance"`
	Name         string   `json:"name"`
	Singleton    bool     `json:"singleton"`
	Key          string   `json:"uri_object_key"`
	ListChildren []string `json:"list_child_resources"`
	ItemChildren []string `json:"item_child_resources"`
}

// A route is a URL pattern of a resource.
type route struct {
	pattern  string
	instance string
	list     bool // it names the collection, not an object of it
}

// routes returns the routes of the API, made as Djblets makes them
// (djblets/webapi/resources/base.py): a collection has the plural of the
// resource's name, an object its key below that, a singleton just the name.
func routes() ([]route, error) {
	var tree struct{ Resources []node }
	if err := json.Unmarshal(treeJSON, &tree); err != nil {
		return nil, fmt.Errorf("tree.json: %w", err)
	}
	nodes := make(map[string]node, len(tree.Resources))
	for _, n := range tree.Resources {
		nodes[n.Instance] = n
	}
	return below(nodes, nodes["root"], "/api/"), nil
}

// below returns the routes of a resource at base and of its children.
func below(nodes map[string]node, n node, base string) []route {
	list := []route{{pattern: base + "{$}", instance: n.Instance, list: !n.Singleton}}
	for _, child := range n.ListChildren {
		list = append(list, below(nodes, nodes[child], base+segment(nodes[child]))...)
	}
	if !n.Singleton && n.Key != "" {
		base += "{" + n.Key + "}/"
		list = append(list, route{pattern: base + "{$}", instance: n.Instance})
	}
	for _, child := range n.ItemChildren {
		list = append(list, below(nodes, nodes[child], base+segment(nodes[child]))...)
	}
	return list
}

// segment returns the part of a URL that names a resource.
func segment(n node) string {
	name := strings.ReplaceAll(n.Name, "_", "-")
	if !n.Singleton {
		name += "s"
	}
	return name + "/"
}

// NewHandler returns the whole API. The caller puts authentication in front.
func NewHandler() (http.Handler, error) {
	list, err := routes()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, r := range list {
		res, views := resources[r.instance], viewsOf(r.instance)
		if r.list {
			mux.Handle(r.pattern, webapi.HandleList(res, views))
		} else {
			mux.Handle(r.pattern, webapi.Handle(res, views))
		}
	}
	return mux, nil
}

// viewsOf returns a view for each method, so that it is the guard that says
// which of them the resource answers.
func viewsOf(instance string) webapi.Views {
	views := webapi.Views{}
	for _, method := range []string{"GET", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"} {
		views[method] = func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("Content-Type", "application/json")
			return json.NewEncoder(w).Encode(map[string]string{"stat": "ok", "resource": instance, "method": method})
		}
	}
	return views
}
