package annotations

import (
	"bytes"
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A reader adds what one parsed Go file declares to a package.
type reader struct {
	fset    *token.FileSet
	src     []byte
	tree    *ast.File
	returns bool // src has carriage returns
	file    *File
	pkg     *Package
	diags   *diag.List

	targets  map[*ast.CommentGroup]target
	lacking  []Resource      // that have directives but no webapi:resource
	rejected map[string]bool // types that may have one that is rejected, by name; "" for any type
	decls    []declaration   // result of declarations; nil until it is needed
	places   []place         // in the order of the file; nil until they are needed
}

// A target is what a doc comment documents, as far as directives need it.
type target struct {
	location Location
	decl     *Type  // nil but for a type
	name     Text   // of the type or function
	where    string // "on a type", for messages; "" for a comment by itself
}

// position returns a position in the file that was read, regardless of //line comments.
func (r *reader) position(pos token.Pos) token.Position { return r.fset.PositionFor(pos, false) }

func (r *reader) text(id *ast.Ident) Text {
	return Text{Pos: r.position(id.Pos()), Value: id.Name}
}

// read reads the declarations first, to know what each comment documents.
func (r *reader) read() {
	r.targets, r.rejected = make(map[*ast.CommentGroup]target, len(r.tree.Comments)), map[string]bool{}
	if r.tree.Doc != nil {
		to := target{location: InPackageDoc, where: "at the package clause"}
		if r.file.Test && !r.pkg.External {
			to = target{location: nowhere, where: "at the package clause of a test, which speaks for no package"}
		}
		r.targets[r.tree.Doc] = to
	}
	for _, decl := range r.tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			r.readFunc(decl)
		case *ast.GenDecl:
			r.readGen(decl)
		}
	}
	for _, group := range r.tree.Comments {
		r.readComments(group)
	}
	for _, res := range r.lacking {
		if !r.rejected[res.Type.Value] && !r.rejected[""] {
			r.diags.Add(res.Pos, diag.MissingArgument, "type %s has directives but no webapi:resource", res.Type.Value)
		}
	}
	if !r.file.Test { // in a test, a struct may embed a resource to replace it
		r.readLiterals()
	}
}

func (r *reader) readFunc(decl *ast.FuncDecl) {
	name := r.text(decl.Name)
	where := "on a method"
	if decl.Recv == nil {
		where = "on a function"
	}
	if decl.Doc != nil {
		r.targets[decl.Doc] = target{location: OnTypeOrFunc, name: name, where: where}
	}
	if decl.Recv == nil {
		r.pkg.Idents = append(r.pkg.Idents, Ident{Name: name, File: r.file})
		return
	}
	if len(decl.Recv.List) == 1 {
		if recv, _, ok := typeName(decl.Recv.List[0].Type); ok {
			r.pkg.Methods = append(r.pkg.Methods, Method{Receiver: recv.Name, Name: name, File: r.file})
		}
	}
}

func (r *reader) readGen(decl *ast.GenDecl) {
	if decl.Doc != nil {
		where := "on a group, and would speak of none of its declarations"
		if !decl.Lparen.IsValid() {
			where = onDeclaration(decl.Tok)
		}
		r.targets[decl.Doc] = target{location: nowhere, where: where}
	}
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.ImportSpec:
			r.readImport(spec)
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				r.pkg.Idents = append(r.pkg.Idents, Ident{Name: r.text(name), File: r.file})
			}
			if spec.Doc != nil {
				r.targets[spec.Doc] = target{location: nowhere, where: onDeclaration(decl.Tok)}
			}
		case *ast.TypeSpec:
			docs := spec.Doc
			if docs == nil && !decl.Lparen.IsValid() {
				docs = decl.Doc
			}
			t := r.readType(spec, docs)
			if docs != nil {
				r.targets[docs] = target{location: OnType, decl: t, name: t.Name, where: "on a type"}
			}
		}
	}
}

func (r *reader) readImport(spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return
	}
	name := Text{Pos: r.position(spec.Path.Pos()), Value: packageName(path)}
	if spec.Name != nil {
		name = r.text(spec.Name)
	}
	if name.Value != "_" {
		r.pkg.Imports = append(r.pkg.Imports, Import{Name: name, Guessed: spec.Name == nil, Path: path})
	}
}

// packageName returns the name that a package probably has.
func packageName(importPath string) string {
	name := path.Base(importPath)
	if digits, ok := strings.CutPrefix(name, "v"); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
		name = path.Base(path.Dir(importPath))
	}
	name, _, _ = strings.Cut(name, ".") // gopkg.in/yaml.v3
	return name
}

// onDeclaration returns where the doc comment of a const, var or import is, for messages.
func onDeclaration(keyword token.Token) string {
	if keyword == token.IMPORT {
		return "on an import"
	}
	return "on a " + keyword.String()
}

// nowhere is the location of a comment that may have no directive.
const nowhere Location = -1

func (r *reader) readType(spec *ast.TypeSpec, docs *ast.CommentGroup) *Type {
	t := &Type{Name: r.text(spec.Name), File: r.file, doc: docs}
	if spec.TypeParams != nil {
		t.Params = spec.TypeParams.NumFields()
	}
	switch x := ast.Unparen(spec.Type).(type) {
	case *ast.Ident, *ast.IndexExpr, *ast.IndexListExpr:
		if id, local, ok := typeName(x); ok && local {
			t.Of = id.Name
		}
	case *ast.InterfaceType:
		t.Kind = Interface
	case *ast.StarExpr:
		t.Kind = Pointer
		if id, local, ok := typeName(x); ok && local && spec.Assign.IsValid() {
			t.Of = id.Name // embedding the alias is embedding *T
		}
	case *ast.StructType:
		r.readFields(t, x)
	}
	if spec.Assign.IsValid() {
		t.Kind = Alias
	}
	r.pkg.Types = append(r.pkg.Types, t)
	return t
}

func (r *reader) readFields(t *Type, x *ast.StructType) {
	for _, field := range x.Fields.List {
		for _, name := range field.Names {
			t.Fields = append(t.Fields, r.text(name))
		}
		if len(field.Names) > 0 {
			continue
		}
		if id, local, ok := typeName(field.Type); ok {
			_, pointer := ast.Unparen(field.Type).(*ast.StarExpr)
			t.Embeds = append(t.Embeds, Embed{Field: r.text(id), Local: local, Pointer: pointer})
		}
	}
}

// readLiterals reads the struct types that embed something and are not those of a
// package-level type.
func (r *reader) readLiterals() {
	declared := map[*ast.StructType]bool{}
	for _, decl := range r.tree.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok {
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					if x, ok := ast.Unparen(spec.Type).(*ast.StructType); ok {
						declared[x] = true
					}
				}
			}
		}
	}
	if bytes.Count(r.src, []byte("struct")) == len(declared) {
		return // most files have no other struct type
	}
	ast.Inspect(r.tree, func(n ast.Node) bool {
		if x, ok := n.(*ast.StructType); ok && !declared[x] {
			t := &Type{Name: Text{Pos: r.position(x.Pos())}, File: r.file}
			if r.readFields(t, x); len(t.Embeds) > 0 {
				r.pkg.Literals = append(r.pkg.Literals, t)
			}
		}
		return true
	})
}

// typeName returns the name of the type in T, *T, T[P], p.T and so on. It reports as local
// a name of the same package.
func typeName(x ast.Expr) (name *ast.Ident, local, ok bool) {
	for {
		switch e := x.(type) {
		case *ast.ParenExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.IndexListExpr:
			x = e.X
		case *ast.SelectorExpr:
			return e.Sel, false, true
		case *ast.Ident:
			return e, true, true
		default:
			return nil, false, false
		}
	}
}
