// Package input writes down one API, resources of four methods each, in the
// form that each tool takes: annotated types for webapi-gen, the same types
// marked for controller-gen, an OpenAPI document, and so on.
//
// A form is a folder of templates in forms. Its resource.go.tmpl makes a file
// for each resource, in packages of ten; every other template makes one file for
// the whole API.
package input

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"
)

// PerPackage is the number of resources in a package.
const PerPackage = 10

// The forms of the API.
const (
	WebAPI            = "webapi"
	Spec              = "spec"
	ControllerGen     = "controller-gen"
	OpenAPI           = "openapi"
	Goverter          = "goverter"
	Mockery           = "mockery"
	Moq               = "moq"
	Stringer          = "stringer"
	Swag              = "swag"
	Plain             = "plain"
	ServerPlain       = "server-plain"
	ServerWebAPI      = "server-webapi"
	ServerRoutes      = "server-routes"
	ServerOAPICodegen = "server-oapi-codegen"
	ServerOgen        = "server-ogen"
)

const perResource = "resource.go.tmpl"

//go:embed forms
var forms embed.FS

// A Resource is what the templates know of one.
type Resource struct {
	Number  string // five digits
	Package string
	Type    string
	Name    string
	Kind    int  // 0 to 3: resources differ
	First   bool // of its package
	Edited  bool
}

// resource returns resource i. A flat API is one package.
func resource(i int, flat bool) Resource {
	r := Resource{
		Number:  fmt.Sprintf("%05d", i),
		Package: fmt.Sprintf("api%04d", i/PerPackage),
		Kind:    i % 4,
		First:   i%PerPackage == 0,
	}
	if flat {
		r.Package, r.First = "api", i == 0
	}
	r.Type, r.Name = "Review"+r.Number+"Resource", "review"+r.Number
	return r
}

// Types returns the names of the types of n resources.
func Types(n int) []string {
	var types []string
	for i := range n {
		types = append(types, resource(i, true).Type)
	}
	return types
}

// flat reports whether all resources of a form are in one package, because its
// tool takes one package and no more.
func flat(form string) bool { return form == Moq || form == Stringer }

// Write writes an API of n resources to a folder.
func Write(form, dir string, n int) error { return write(form, dir, n, -1) }

// Edit writes the resource in the middle of an API of n anew, changed if edited
// is true, else as it was.
func Edit(form, dir string, n int, edited bool) error {
	t, err := parse(form)
	if err != nil {
		return err
	}
	if t.Lookup(perResource) != nil {
		return writeResource(t, form, dir, n/2, edited)
	}
	if edited {
		return write(form, dir, n, n/2)
	}
	return write(form, dir, n, -1)
}

func write(form, dir string, n, edited int) error {
	t, err := parse(form)
	if err != nil {
		return err
	}
	for _, file := range t.Templates() {
		name, ok := strings.CutSuffix(file.Name(), ".tmpl")
		if !ok || file.Name() == perResource || name == "shared" {
			continue
		}
		if err := execute(file, filepath.Join(dir, name), all(n, edited)); err != nil {
			return err
		}
	}
	if t.Lookup(perResource) == nil {
		return nil
	}
	for i := range n {
		if err := writeResource(t, form, dir, i, i == edited); err != nil {
			return err
		}
	}
	return nil
}

func parse(form string) (*template.Template, error) {
	return template.ParseFS(forms, "forms/shared.tmpl", path.Join("forms", form, "*.tmpl"))
}

// all yields the resources of an API one by one, for the files that have all of them.
func all(n, edited int) iter.Seq[Resource] {
	return func(yield func(Resource) bool) {
		for i := range n {
			r := resource(i, true)
			r.Edited = i == edited
			if !yield(r) {
				return
			}
		}
	}
}

func writeResource(t *template.Template, form, dir string, i int, edited bool) error {
	r := resource(i, flat(form))
	r.Edited = edited
	return execute(t.Lookup(perResource), filepath.Join(dir, r.Package, r.Name+".go"), r)
}

func execute(t *template.Template, name string, data any) (err error) {
	f, err := os.Create(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(name), 0o777); err == nil {
			f, err = os.Create(name)
		}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	if err := t.Execute(w, data); err != nil {
		return err
	}
	return w.Flush()
}
