package routes

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A Use is a place where a program decides itself who a request is, which object it is
// about, or what it may do, or where middleware that is not followed may.
type Use struct {
	// What is the name of a function or a field of package webapi, with the constants that
	// it is given; "webapi.Token" where a token or its scopes are made, changed or returned;
	// or what changes the credentials or the method of a request, such as
	// Header.Set("Authorization"). It is "" for a call of Func.
	What string
	// Func is a function that stands behind guards elsewhere, and that is called by one which
	// is webapi:public, or through another; or one of another module that is or makes middleware.
	Func *types.Func
	Pos  token.Pos
}

// shadow is the field of webapi.Config that turns shadow mode on. The others of configFields say
// which object a request is about, when a token expires, and from where requests of a session may
// come.
const shadow = "DangerouslyShadowScopesOf"

var configFields = []string{shadow, "PathValue", "Now", "CrossOrigin"}

// A user collects uses.
type user struct {
	in       incoming
	followed map[*types.Func]bool
	info     *types.Info
	list     []Use
}

// usesIn returns the uses in packages, apart from those that are imported.
func usesIn(packages []*Package) []Use {
	u := &user{followed: map[*types.Func]bool{}}
	var own []*Package
	for _, pkg := range packages {
		for fn, decl := range Functions(pkg.Files, pkg.Info) {
			u.followed[fn] = decl.Body != nil
		}
		if !pkg.Imported {
			own = append(own, pkg)
		}
	}
	u.in = findIncoming(own)
	for _, pkg := range own {
		u.info = pkg.Info
		for _, file := range pkg.Files {
			u.file(file)
		}
	}
	return u.list
}

func (u *user) add(pos token.Pos, what string) {
	u.list = append(u.list, Use{What: strings.TrimSpace(what), Pos: pos})
}

func (u *user) file(file *ast.File) {
	given := map[*ast.Ident][]ast.Expr{} // what a field is set to, and a function called with
	for n := range ast.Preorder(file) {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				u.returns(n.Type, n.Body)
			}
		case *ast.FuncLit:
			u.returns(n.Type, n.Body)
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok {
				given[key] = []ast.Expr{n.Value}
			}
		case *ast.AssignStmt:
			for i, to := range n.Lhs {
				if id := Ident(to); id != nil && len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN {
					given[id] = n.Rhs[i : i+1]
				}
			}
			u.assignment(n)
		case *ast.UnaryExpr:
			if _, isLit := ast.Unparen(n.X).(*ast.CompositeLit); n.Op == token.AND && !isLit && u.isToken(n.X) {
				u.add(n.Pos(), tokenUse)
			}
		case *ast.CompositeLit:
			u.literal(n)
		case *ast.CallExpr:
			if id := Ident(n.Fun); id != nil {
				given[id] = n.Args
			}
			u.call(n)
		case *ast.Ident:
			switch obj := u.info.Uses[n]; {
			case isConfigField(obj):
				u.config(n.Pos(), obj, given[n])
			case InRuntime(obj, "WithUnscopedAccess", "WithLogin", "WithToken", "WithObjectID", "SetPathValue"):
				u.add(n.Pos(), "webapi."+obj.Name())
			case InRuntime(obj, "ForAudience"): // which tokens for others get past if it goes
				list, _ := constants(u.info, given[n][min(1, len(given[n])):])
				u.add(n.Pos(), "webapi.ForAudience "+list)
			case InRuntime(obj, "MakeScopes", "ParseScopes", "ParseScopeClaim", "ScopesFromClaims"):
				if list, known := constants(u.info, given[n]); known && list != "" || obj.Name() == "MakeScopes" {
					u.add(n.Pos(), "webapi."+obj.Name()+" "+list)
				}
			case u.isMiddlewareOfOthers(obj):
				u.list = append(u.list, Use{Func: obj.(*types.Func), Pos: n.Pos()})
			}
		}
	}
}

// isMiddlewareOfOthers reports whether obj is a function of another module that wraps a handler, or
// makes middleware. It is taken to pass each request on, and may answer some instead.
func (u *user) isMiddlewareOfOthers(obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	if !ok || u.followed[fn.Origin()] || isInterfaceMethod(fn) || fn.Signature().Results().Len() == 0 {
		return false
	}
	path := PackageOf(fn)
	domain, _, _ := strings.Cut(path, "/")
	switch {
	case !strings.Contains(domain, "."): // the standard library
		return false
	case slices.Contains([]string{runtimePath, chiPath, gorillaPath, ginPath, echoPath, humaPath}, path),
		strings.HasPrefix(path, runtimePath+"/"), strings.HasPrefix(path, adaptersPath), strings.HasPrefix(path, humaPath+"/"):
		return false
	}
	result := fn.Signature().Results().At(0).Type()
	wraps := IsHandler(result) && slices.ContainsFunc(slices.Collect(fn.Signature().Params().Variables()), func(v *types.Var) bool {
		sig, isFunc := v.Type().Underlying().(*types.Signature)
		return IsHandler(v.Type()) && (!isFunc || sig.Results().Len() == 0 || isErrorType(sig.Results().At(0).Type()))
	})
	return wraps || isMiddleware(result) || isGinHandler(result)
}

func isConfigField(obj types.Object) bool {
	field, ok := obj.(*types.Var)
	return ok && field.IsField() && InRuntime(obj, configFields...)
}

// config adds a field of webapi.Config that is set, unless it is set to nil, or named.
func (u *user) config(pos token.Pos, field types.Object, values []ast.Expr) {
	if len(values) == 1 && u.info.Types[values[0]].IsNil() {
		return
	}
	what := "webapi.Config." + field.Name()
	if field.Name() == shadow {
		list, known := "", false
		if len(values) == 1 {
			if lit, ok := ast.Unparen(values[0]).(*ast.CompositeLit); ok {
				list, known = constants(u.info, lit.Elts)
			}
		}
		if !known {
			list = "?"
		}
		what += " " + list
	}
	u.add(pos, what)
}

// literal adds a token that is not empty, and the fields of a webapi.Config without names.
func (u *user) literal(lit *ast.CompositeLit) {
	s, ok := structOf(u.info.TypeOf(lit))
	if !ok || len(lit.Elts) == 0 {
		return
	}
	if isTokenField(s.Field(0)) {
		u.add(lit.Pos(), tokenUse)
	}
	for i, value := range lit.Elts {
		if _, named := value.(*ast.KeyValueExpr); !named && i < s.NumFields() && isConfigField(s.Field(i)) {
			u.config(value.Pos(), s.Field(i), []ast.Expr{value})
		}
	}
}

const tokenUse = "webapi.Token"

// assignment adds tokens, scopes and fields of tokens that are assigned, and credentials and
// methods of requests.
func (u *user) assignment(n *ast.AssignStmt) {
	for i, to := range n.Lhs {
		if id, ok := ast.Unparen(to).(*ast.Ident); ok && u.info.Uses[id] == nil { // it is declared here, or _
			continue
		}
		var value ast.Expr
		if len(n.Lhs) == len(n.Rhs) {
			value = ast.Unparen(n.Rhs[i])
		}
		if _, isLit := value.(*ast.CompositeLit); !isLit && u.isToken(to) {
			u.add(to.Pos(), tokenUse)
		}
		switch x := ast.Unparen(to).(type) {
		case *ast.IndexExpr:
			if DeclaredAs(u.info.TypeOf(x.X), "net/http", "Header") && u.in.holds(u.info, x.X) {
				u.header(to.Pos(), "Set", x.Index)
			}
		case *ast.SelectorExpr:
			if (x.Sel.Name == "Header" || x.Sel.Name == "Method") && DeclaredAs(u.info.TypeOf(x.X), "net/http", "Request") && u.in.holds(u.info, x.X) {
				u.add(to.Pos(), "Request."+x.Sel.Name)
			}
		}
	}
}

// isToken reports whether an expression is a token, its scopes, or a part of one.
func (u *user) isToken(x ast.Expr) bool {
	if t := u.info.TypeOf(x); IsRuntimeType(t, "Token") || IsRuntimeType(t, "Scopes") {
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		field, ok := u.info.Uses[x.Sel].(*types.Var)
		return ok && isTokenField(field) || u.isToken(x.X)
	case *ast.IndexExpr:
		return u.isToken(x.X)
	case *ast.StarExpr:
		return u.isToken(x.X)
	}
	return false
}

// isTokenField reports whether v is a field of webapi.Token.
func isTokenField(v *types.Var) bool {
	if !v.IsField() || !InRuntime(v) {
		return false
	}
	s, ok := structOf(v.Pkg().Scope().Lookup("Token").Type())
	return ok && slices.Contains(slices.Collect(s.Fields()), v)
}

// returns adds the tokens and scopes that a function returns, apart from literals and
// addresses, which are added themselves.
func (u *user) returns(typ *ast.FuncType, body *ast.BlockStmt) {
	if typ.Results == nil || !slices.ContainsFunc(typ.Results.List, func(f *ast.Field) bool { return u.isToken(f.Type) }) {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		s, ok := n.(*ast.ReturnStmt)
		if ok && (len(s.Results) == 0 || slices.ContainsFunc(s.Results, u.returned)) {
			u.add(s.Pos(), tokenUse)
		}
		_, isLit := n.(*ast.FuncLit)
		return !isLit
	})
}

// returned reports whether an expression that a function returns is one of those, or all
// results of a call.
func (u *user) returned(x ast.Expr) bool {
	if _, ok := u.info.TypeOf(x).(*types.Tuple); ok {
		return true
	}
	switch ast.Unparen(x).(type) {
	case *ast.CompositeLit, *ast.UnaryExpr:
		return false
	}
	return u.isToken(x) && !u.info.Types[x].IsNil()
}

// call adds a conversion to a token, and a call that changes the credentials of a request
// which a handler is given.
func (u *user) call(x *ast.CallExpr) {
	if u.info.Types[x.Fun].IsType() && u.isToken(x.Fun) {
		u.add(x.Pos(), tokenUse)
	}
	fn := Callee(u.info, x)
	if fn != nil && PackageOf(fn) == "net/http" && (fn.Name() == "AddTrustedOrigin" || fn.Name() == "AddInsecureBypassPattern") {
		text, _ := constants(u.info, x.Args)
		u.add(x.Pos(), "CrossOriginProtection."+fn.Name()+" "+text)
	}
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if fn == nil || PackageOf(fn) != "net/http" || !ok || !u.in.holds(u.info, sel.X) {
		return
	}
	switch fn.Name() {
	case "Set", "Add":
		u.header(x.Pos(), fn.Name(), x.Args[0])
	case "SetBasicAuth", "AddCookie", "SetPathValue":
		u.add(x.Pos(), "Request."+fn.Name())
	}
}

// header adds a field of a header that may hold credentials.
func (u *user) header(pos token.Pos, how string, name ast.Expr) {
	text, known := Constant(u.info, name)
	switch text = http.CanonicalHeaderKey(text); {
	case !known:
		u.add(pos, "Header."+how+"(?)")
	case text == "Authorization", text == "Cookie":
		u.add(pos, "Header."+how+"("+strconv.Quote(text)+")")
	}
}

// constants returns quoted strings, and whether all expressions are constant ones.
func constants(info *types.Info, list []ast.Expr) (texts string, known bool) {
	var quoted []string
	for _, x := range list {
		text, ok := Constant(info, x)
		if !ok {
			return "", false
		}
		quoted = append(quoted, strconv.Quote(text))
	}
	return strings.Join(quoted, " "), true
}

// publicUses returns the calls of functions that are behind guards on all routes, in those
// that are webapi:public and in what they call with a request.
func publicUses(p *Program, all []*Route) []Use {
	guarded := map[*types.Func]bool{}
	for _, r := range all {
		if fn, ok := r.Handler.Object.(*types.Func); ok && (r.Within == nil || r.State() == Guarded) { // not what calls it past its guard
			others, known := guarded[fn]
			guarded[fn] = r.State() == Guarded && (others || !known)
		}
	}
	var list []Use
	seen := map[*types.Func]bool{}
	decls, infos := map[*types.Func]*ast.FuncDecl{}, map[*types.Func]*types.Info{}
	var read func(fn *types.Func)
	read = func(fn *types.Func) {
		if seen[fn] || decls[fn] == nil {
			return
		}
		seen[fn] = true
		for n := range ast.Preorder(decls[fn]) {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				continue
			}
			called := Callee(infos[fn], call)
			switch {
			case called == nil || !TakesRequest(called.Signature()):
			case guarded[called]:
				list = append(list, Use{Func: called, Pos: call.Pos()})
			default:
				read(called)
			}
		}
	}
	var public []*types.Func
	for _, pkg := range p.Packages {
		for fn, decl := range Functions(pkg.Files, pkg.Info) {
			decls[fn], infos[fn] = decl, pkg.Info
			if recv := ReceiverOf(fn); p.IsPublic(fn) || recv != nil && p.IsPublic(recv) {
				public = append(public, fn)
			}
		}
	}
	for _, fn := range public {
		read(fn)
	}
	slices.SortFunc(list, func(a, b Use) int { return cmp.Compare(a.Pos, b.Pos) })
	return list
}

// In returns the package of a position and the function or the variable of the package whose
// declaration it is in, nil if there is none with a name. Both are nil for a file that is not built.
func (t *Table) In(pos token.Pos) (*types.Package, types.Object) {
	pkg, file := t.fileOf(pos)
	if file == nil {
		return nil, nil
	}
	for _, d := range file.Decls {
		if pos < d.Pos() || d.End() <= pos {
			continue
		}
		switch d := d.(type) {
		case *ast.FuncDecl:
			return pkg.Types, pkg.Info.Defs[d.Name]
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if s, ok := spec.(*ast.ValueSpec); ok && s.Pos() <= pos && pos < s.End() {
					return pkg.Types, variableAt(pkg.Info, s, pos)
				}
			}
		}
	}
	return pkg.Types, nil
}

// variableAt returns the variable whose value a position is in, nil for one called _.
func variableAt(info *types.Info, s *ast.ValueSpec, pos token.Pos) types.Object {
	name := s.Names[0]
	for i, x := range s.Values {
		if x.Pos() <= pos && i < len(s.Names) {
			name = s.Names[i]
		}
	}
	if name.Name == "_" {
		return nil
	}
	return info.Defs[name]
}

// fileOf returns the file of a position, and its package.
func (t *Table) fileOf(pos token.Pos) (*Package, *ast.File) {
	for _, pkg := range t.packages {
		for _, file := range pkg.Files {
			if t.Fset.File(file.FileStart) == t.Fset.File(pos) {
				return pkg, file
			}
		}
	}
	return nil, nil
}
