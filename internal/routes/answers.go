package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// answering lists the methods of the contexts of gin and echo that write an answer.
var answering = []string{
	"Attachment", "Blob", "Data", "DataFromReader", "File", "FileAttachment", "FileFS", "FileFromFS", "HTML", "HTMLBlob", "IndentedJSON",
	"Inline", "JSON", "JSONBlob", "JSONP", "JSONPBlob", "JSONPretty", "NoContent", "ProtoBuf", "PureJSON", "Redirect", "Render",
	"SSEvent", "SecureJSON", "Status", "Stream", "String", "TOML", "XML", "XMLBlob", "XMLPretty", "YAML",
}

// answersBefore reports whether a body of a package has written to the client, in a statement of its
// own, when it comes to a position.
func answersBefore(pos token.Pos, block *ast.BlockStmt, info *types.Info) bool {
	for _, s := range block.List {
		if s.End() >= pos || callsNext(callOf(s), info) {
			break
		}
		switch s := s.(type) {
		case *ast.ExprStmt:
		case *ast.AssignStmt: // of what is written, not of a writer
			if slices.ContainsFunc(s.Lhs, func(x ast.Expr) bool { return !isOutcome(x, info) }) {
				continue
			}
		default:
			continue
		}
		for n := range ast.Preorder(s) {
			if x, ok := n.(*ast.CallExpr); ok && answers(x, info) {
				return true
			}
		}
	}
	return false
}

// callsNext reports whether a call, which may be nil, runs the rest of a chain.
func callsNext(x *ast.CallExpr, info *types.Info) bool {
	if x == nil || len(x.Args) > 0 {
		return false
	}
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Next" && isContext(info.TypeOf(sel.X))
}

// isOutcome reports whether a variable has an error or a number.
func isOutcome(x ast.Expr, info *types.Info) bool {
	t := info.TypeOf(x)
	if t == nil { // _
		return true
	}
	_, basic := t.Underlying().(*types.Basic)
	return basic || types.Identical(t, types.Universe.Lookup("error").Type())
}

// answers reports whether a call writes to the client: one of a method that does, or one that
// is given the http.ResponseWriter as an io.Writer.
func answers(x *ast.CallExpr, info *types.Info) bool {
	isWriter := func(x ast.Expr) bool { return DeclaredAs(info.TypeOf(x), "net/http", "ResponseWriter") }
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && info.Selections[sel] != nil {
		if isWriter(sel.X) {
			return sel.Sel.Name != "Header"
		}
		if isContext(info.TypeOf(sel.X)) {
			return slices.Contains(answering, sel.Sel.Name)
		}
	}
	fn := Callee(info, x)
	for i, arg := range x.Args {
		if !isWriter(arg) || fn == nil {
			continue
		}
		if params := fn.Signature().Params(); i < params.Len() && DeclaredAs(params.At(i).Type(), "io", "Writer") ||
			PackageOf(fn) == "net/http" && slices.Contains([]string{"Error", "NotFound", "Redirect", "ServeContent", "ServeFile", "ServeFileFS"}, fn.Name()) {
			return true
		}
	}
	return false
}

// chained records the guards that a handler of gin calls by itself, alone or in a list of
// middleware, and obeys: it returns where one has aborted the chain.
func (in *interp) chained(r *reading, block *ast.BlockStmt, within map[ast.Node]bool) {
	for i, s := range block.List {
		body, end := block.List[i:], s.End()
		loop, isLoop := s.(*ast.RangeStmt)
		if isLoop {
			body = loop.Body.List
		} else if i+1 < len(block.List) {
			end = block.List[i+1].End()
		}
		call := in.untilAborted(body)
		if call == nil {
			continue
		}
		middleware := in.eval(call.Fun)
		if isLoop {
			if middleware = nil; loop.Value != nil && len(body) == 2 && in.pkg.Info.ObjectOf(Ident(call.Fun)) == in.pkg.Info.ObjectOf(Ident(loop.Value)) {
				middleware = in.eval(loop.X)
			}
		}
		elements, isList := middleware.(list)
		if !isList {
			elements = list{{value: middleware}}
		}
		for _, e := range elements {
			if g, ok := e.value.(guardian); ok {
				within[call] = true
				r.asks = append(r.asks, ask{guard: Guard(g), from: end, to: block.Rbrace + 1, chain: block.Rbrace + 1})
			}
		}
	}
}

// untilAborted returns the call of middleware of gin with which statements begin, if they return
// where it has aborted the chain, or nil.
func (in *interp) untilAborted(stmts []ast.Stmt) *ast.CallExpr {
	if len(stmts) < 2 {
		return nil
	}
	call := callOf(stmts[0])
	cond, ok := stmts[1].(*ast.IfStmt)
	if call == nil || len(call.Args) != 1 || !isContext(in.pkg.Info.TypeOf(call.Args[0])) || Ident(call.Fun) == nil || !ok || cond.Init != nil || !in.ends(cond.Body) {
		return nil
	}
	asked, ok := cond.Cond.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if sel, ok := asked.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "IsAborted" || !isContext(in.pkg.Info.TypeOf(sel.X)) {
		return nil
	}
	return call
}

// asIf returns a statement as an if statement, and what it begins with: a switch of conditions, or
// one of an error, stands for one. It returns nil for another, and for a switch that jumps.
func asIf(n ast.Node) (cond *ast.IfStmt, init ast.Stmt) {
	s, ok := n.(*ast.SwitchStmt)
	if !ok {
		if cond, ok = n.(*ast.IfStmt); ok {
			init = cond.Init
		}
		return cond, init
	}
	var last *ast.IfStmt
	for i, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		body := &ast.BlockStmt{Lbrace: clause.Colon, List: clause.Body, Rbrace: clause.End()}
		if jumps(body) || len(clause.List) > 1 || clause.List == nil && (last == nil || i+1 < len(s.Body.List)) {
			return nil, nil
		}
		if clause.List == nil {
			last.Else = body
			break
		}
		next := &ast.IfStmt{If: clause.Case, Cond: clause.List[0], Body: body}
		if s.Tag != nil {
			next.Cond = &ast.BinaryExpr{X: s.Tag, Op: token.EQL, Y: next.Cond}
		}
		if last == nil {
			cond = next
		} else {
			last.Else = next
		}
		last = next
	}
	return cond, s.Init
}

// jumps reports whether a block has a break, a goto or a fallthrough.
func jumps(b *ast.BlockStmt) bool {
	for n := range ast.Preorder(b) {
		if s, ok := n.(*ast.BranchStmt); ok && s.Tok != token.CONTINUE {
			return true
		}
	}
	return false
}
