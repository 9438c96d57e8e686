// Package layout_test holds the layout of the tool's module and of the runtime's:
// which packages can be imported, in which direction they import each other, and
// that every exported name is documented.
package layout_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/webapi-gen/webapi-gen"

// importable lists the packages that other modules can import. Each is a promise
// of stability, so a new one is a decision: what is not API goes below internal.
var importable = []string{
	"analyzer",
	"annotations",
	"annotations/diag",
	"generator",
	"model",
	"templates",
	"webapi",
	"webapi/webapirpc",
	"webapi/webapitest",
	"webapi/webapitest/adaptertest",
}

// floors lists the top-level folders in the order of their imports: a package
// imports packages of its own folder and of those before it.
var floors = []string{"annotations", "model", "templates", "generator", "internal", "analyzer", "cmd"}

// A goPackage is a package as go list -json describes it.
type goPackage struct {
	ImportPath string
	Dir        string
	Name       string
	GoFiles    []string
	Imports    []string
}

// path returns the package's path below the module, with slashes.
func (p goPackage) path() string { return below(p.ImportPath) }

func below(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
}

// folder returns the top-level folder of a package of the module.
func folder(path string) string {
	top, _, _ := strings.Cut(path, "/")
	return top
}

// packages returns the packages of both modules that have Go files.
func packages(t *testing.T) []goPackage {
	t.Helper()
	return slices.Concat(packagesOf(t, "../.."), packagesOf(t, "../../webapi"))
}

func packagesOf(t *testing.T, dir string) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Name,GoFiles,Imports", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			list = append(list, p)
		}
	}
}

func TestImportablePackages(t *testing.T) {
	var got []string
	for _, p := range packages(t) {
		internal := slices.Contains(strings.Split(p.path(), "/"), "internal")
		if p.Name != "main" && !internal && folder(p.path()) != "golden" {
			got = append(got, p.path())
		}
	}
	if diff := cmp.Diff(importable, got); diff != "" {
		t.Errorf("packages that others can import (-want +got):\n%s", diff)
	}
}

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range packages(t) {
		from := folder(p.path())
		for _, imported := range p.Imports {
			to := folder(below(imported))
			if !strings.HasPrefix(imported, module+"/") || from == to {
				continue
			}
			if i, j := slices.Index(floors, from), slices.Index(floors, to); i < 0 || j < 0 || i < j {
				t.Errorf("%s imports %s, against the order %s", p.path(), below(imported), strings.Join(floors, " <- "))
			}
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	fset := token.NewFileSet()
	for _, p := range packages(t) {
		documented := false
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			documented = documented || file.Doc != nil
			for _, ident := range undocumented(file) {
				t.Errorf("%s: %s has no doc comment", fset.Position(ident.Pos()), ident.Name)
			}
		}
		if !documented {
			t.Errorf("package %s has no doc comment", p.path())
		}
	}
}

// undocumented returns the exported identifiers that a file declares without a
// comment. A comment on a group, or at the end of the line, counts.
func undocumented(file *ast.File) []*ast.Ident {
	var list []*ast.Ident
	add := func(idents ...*ast.Ident) {
		for _, ident := range idents {
			if ident.IsExported() {
				list = append(list, ident)
			}
		}
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Doc == nil && exportedReceiver(d.Recv) {
				add(d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if d.Doc == nil && s.Doc == nil {
						add(s.Name)
					}
				case *ast.ValueSpec:
					if d.Doc == nil && s.Doc == nil && s.Comment == nil {
						add(s.Names...)
					}
				}
			}
		}
	}
	return list
}

// exportedReceiver reports whether a function has no receiver or one of an
// exported type.
func exportedReceiver(recv *ast.FieldList) bool {
	if recv == nil {
		return true
	}
	typ := recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

// TestSecurityNamesTests checks that SECURITY.md names tests that exist for what it
// promises.
func TestSecurityNamesTests(t *testing.T) {
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	var tests bytes.Buffer
	err = filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		tests.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w+)`").FindAllStringSubmatch(string(page), -1)
	if len(names) < 20 {
		t.Errorf("SECURITY.md names %d tests, want at least 20", len(names))
	}
	for _, name := range names {
		if !strings.Contains(tests.String(), "\nfunc "+name[1]+"(") {
			t.Errorf("SECURITY.md names %s, which does not exist", name[1])
		}
	}
}
