package change

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// compareTypes finds the resources whose types are declared still, without a guard:
// what served them can be mounted as before, and is open to everybody.
func (d *differ) compareTypes(ctx context.Context, before, after fs.FS) error {
	lost := map[string]bool{} // names of types
	for typ := range d.before.resources {
		if d.after.resources[typ] == nil {
			lost[nameOf(typ)] = true
		}
	}
	if len(lost) == 0 {
		return nil
	}
	var now, old map[string][]typeDecl
	var err error
	if after != nil {
		now, err = declarations(ctx, after, lost)
	}
	if err == nil && before != nil {
		old, err = declarations(ctx, before, lost)
	}
	if err != nil {
		return err
	}
	renamed := map[string]string{} // the types of after, by those of before
	moved := map[[2]string]bool{}  // folders of before and after
	for is, was := range d.types {
		renamed[was] = is
		moved[[2]string{folderOf(was), folderOf(is)}] = true
	}
	for typ, r := range d.before.resources {
		if _, public := d.after.public[typ]; public || d.after.resources[typ] != nil {
			continue
		}
		if after == nil {
			d.report.Unknown = append(d.report.Unknown, typ)
			continue
		}
		var where []string
		for _, t := range now[nameOf(typ)] {
			is := t.folder + "." + t.name
			_, public := d.after.public[is]
			switch {
			case d.after.resources[is] != nil || d.after.resources[t.aliasOf] != nil || public:
			case renamed[typ] != "" && strings.HasSuffix(t.aliasOf, "/"+renamed[typ]): // an alias of what it has become
			case is == typ || moved[[2]string{folderOf(typ), t.folder}],
				before != nil && !slices.ContainsFunc(old[t.name], func(o typeDecl) bool { return o.folder == t.folder }):
				where = append(where, t.pos)
			}
		}
		if len(where) > 0 {
			d.add(Change{
				Subject: "resource " + typ, Before: lockfile.Resource(typ, r),
				After: "type " + nameOf(typ) + " without a guard: " + strings.Join(where, ", "),
			}, Unguarded, Widened)
		}
	}
	slices.Sort(d.report.Unknown)
	return nil
}

// nameOf returns the name of a type without its folder.
func nameOf(typ string) string { return typ[strings.LastIndexByte(typ, '.')+1:] }

// folderOf returns the folder of a type, "" for the module's root.
func folderOf(typ string) string { return typ[:strings.LastIndexByte(typ, '.')] }

// A typeDecl is the declaration of a type.
type typeDecl struct {
	folder, name string
	aliasOf      string // of an alias: FOLDER.TYPE, or IMPORT/PATH.TYPE
	pos          string
}

// declarations returns the declarations of types by their names, those in names. It
// reads the Go files that some build can have, apart from tests.
func declarations(ctx context.Context, tree fs.FS, names map[string]bool) (map[string][]typeDecl, error) {
	found := map[string][]typeDecl{}
	err := fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		skipped := file != "." && strings.ContainsAny(name[:1], "_.")
		switch {
		case cmp.Or(err, ctx.Err()) != nil:
			return cmp.Or(err, ctx.Err())
		case entry.IsDir() && (skipped || name == "testdata" || name == "vendor"):
			return fs.SkipDir
		case entry.IsDir() || skipped || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		switch info, err := fs.Stat(tree, file); {
		case errors.Is(err, fs.ErrNotExist): // a symbolic link to nothing
			return nil
		case err != nil || !info.Mode().IsRegular():
			return err
		}
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		parsed, _ := parser.ParseFile(fset, file, text, parser.SkipObjectResolution) // no build has a file with a syntax error
		folder := strings.TrimPrefix(path.Dir(file), ".")
		for _, decl := range parsed.Decls {
			group, _ := decl.(*ast.GenDecl)
			if group == nil || group.Tok != token.TYPE {
				continue
			}
			for _, spec := range group.Specs {
				if t := spec.(*ast.TypeSpec); names[t.Name.Name] {
					pos := fset.PositionFor(t.Name.Pos(), false)
					found[t.Name.Name] = append(found[t.Name.Name], typeDecl{
						folder, t.Name.Name, aliasOf(t, folder, parsed), fmt.Sprintf("%s:%d", pos.Filename, pos.Line),
					})
				}
			}
		}
		return nil
	})
	return found, err
}

// aliasOf returns the type that another one is an alias of, "" if it is none.
func aliasOf(t *ast.TypeSpec, folder string, file *ast.File) string {
	if !t.Assign.IsValid() {
		return ""
	}
	switch of := t.Type.(type) {
	case *ast.Ident:
		return folder + "." + of.Name
	case *ast.SelectorExpr:
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			name := path.Base(imported)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			if pkg, ok := of.X.(*ast.Ident); ok && pkg.Name == name {
				return imported + "." + of.Sel.Name
			}
		}
	}
	return ""
}
