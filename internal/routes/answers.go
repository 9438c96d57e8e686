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
	"SSEvent", "SecureJSON", "Stream", "String", "TOML", "XML", "XMLBlob", "XMLPretty", "YAML",
}

// answersBefore reports whether a body has written to the client, in a statement of its own,
// when it comes to a position.
func (in *interp) answersBefore(pos token.Pos, block *ast.BlockStmt) bool {
	for _, s := range block.List {
		if s.End() >= pos {
			break
		}
		switch s := s.(type) {
		case *ast.ExprStmt:
		case *ast.AssignStmt: // of what is written, not of a writer
			if slices.ContainsFunc(s.Lhs, func(x ast.Expr) bool { return !in.isOutcome(x) }) {
				continue
			}
		default:
			continue
		}
		for n := range ast.Preorder(s) {
			if x, ok := n.(*ast.CallExpr); ok && in.answers(x) {
				return true
			}
		}
	}
	return false
}

// isOutcome reports whether a variable has an error or a number.
func (in *interp) isOutcome(x ast.Expr) bool {
	t := in.pkg.Info.TypeOf(x)
	if t == nil { // _
		return true
	}
	_, basic := t.Underlying().(*types.Basic)
	return basic || types.Identical(t, types.Universe.Lookup("error").Type())
}

// answers reports whether a call writes to the client: one of a method that does, or one that
// is given the http.ResponseWriter as an io.Writer.
func (in *interp) answers(x *ast.CallExpr) bool {
	isWriter := func(x ast.Expr) bool { return DeclaredAs(in.pkg.Info.TypeOf(x), "net/http", "ResponseWriter") }
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && in.pkg.Info.Selections[sel] != nil {
		if isWriter(sel.X) {
			return sel.Sel.Name != "Header"
		}
		if isContext(in.pkg.Info.TypeOf(sel.X)) {
			return slices.Contains(answering, sel.Sel.Name)
		}
	}
	fn := Callee(in.pkg.Info, x)
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
