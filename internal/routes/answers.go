package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// answerMethods lists the methods of the contexts of gin and echo that write an answer.
var answerMethods = []string{
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

// isWriter reports whether a type is http.ResponseWriter, or one that wraps it.
func isWriter(t types.Type) bool {
	return t != nil && (DeclaredAs(t, "net/http", "ResponseWriter") || MethodNamed(t, "WriteHeader") != nil && MethodNamed(t, "Header") != nil)
}

// answers reports whether a call writes to the client: one of a method that does, or one that
// is given the http.ResponseWriter as an io.Writer.
func answers(x *ast.CallExpr, info *types.Info) bool {
	fn := Callee(info, x)
	if fn != nil && isWriter(receiverType(fn)) { // which a struct may embed
		return strings.HasPrefix(fn.Name(), "Write") || fn.Name() == "ReadFrom"
	}
	if fn != nil && isContext(receiverType(fn)) {
		return slices.Contains(answerMethods, fn.Name())
	}
	for i, arg := range x.Args {
		sig, ok := info.TypeOf(x.Fun).(*types.Signature)
		if !isWriter(info.TypeOf(arg)) || !ok {
			continue
		}
		if takesWriter(x, sig, i) ||
			fn != nil && PackageOf(fn) == "net/http" && slices.Contains([]string{"Error", "NotFound", "Redirect", "ServeContent", "ServeFile", "ServeFileFS"}, fn.Name()) {
			return true
		}
	}
	return false
}

// takesWriter reports whether a call writes to its argument with an index, as to an io.Writer. A
// method Reset, as that of gzip.Writer, only keeps it.
func takesWriter(x *ast.CallExpr, sig *types.Signature, i int) bool {
	return i < sig.Params().Len() && DeclaredAs(sig.Params().At(i).Type(), "io", "Writer") && !isReset(x)
}

func isReset(x *ast.CallExpr) bool {
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Reset"
}
