package routes

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

const (
	connectPath        = "connectrpc.com/connect"
	connectAdapterPath = adaptersPath + "connect"
)

// byTable is what a Guard of the adapter for Connect does: it asks the resource that its
// table has for the procedure, and denies a procedure that is not in the table.
const byTable wrapping = "the table of connectapi.Guard"

// byUnary is what its method WrapUnary does, in a connect.UnaryInterceptorFunc: streams have no guard.
const byUnary wrapping = "the table of connectapi.Guard, for procedures without streams"

// callConnect evaluates a call that makes an option of Connect, or a handler of a
// procedure or a service. An option is byTable, or of no account to access, or not known.
func (in *interp) callConnect(x *ast.CallExpr, fn *types.Func) (value, bool) {
	switch path, name := PackageOf(fn), fn.Name(); {
	case path == connectAdapterPath && name == "Option":
		return byTable, true
	case path == connectPath && strings.HasPrefix(name, "WithConditional"):
		return in.typed(x, "it depends on the procedure"), true
	case path == connectPath && strings.HasPrefix(name, "With"):
		by, known := in.options(in.arguments(x))
		switch {
		case by != "":
			return by, true
		case !known:
			return in.typed(x, "its options are not known"), true
		}
		return &object{typ: in.pkg.Info.TypeOf(x)}, true
	case path == connectPath && strings.HasPrefix(name, "New") && strings.Contains(name, "Handler"):
		args := in.arguments(x)
		h := Handler{Node: argumentOf(x, 1)}
		if f, ok := args[1].(function); ok {
			recv := ReceiverOf(f.fn)
			h.Object, h.Resource, h.Public = f.fn, f.of, in.isPublic(f.fn) || recv != nil && in.isPublic(recv)
		}
		return in.procedures(x, h, args[2:], strings.HasPrefix(name, "NewUnary")), true
	}
	if _, known := in.bodies[fn]; known || !servesProcedures(fn.Signature()) {
		return nil, false
	}
	// What protoc-gen-connect-go writes, in a package of another module.
	pattern := value(partial(hole))
	if service, ok := fn.Pkg().Scope().Lookup(strings.TrimSuffix(strings.TrimPrefix(fn.Name(), "New"), "Handler") + "Name").(*types.Const); ok {
		pattern = text("/" + constant.StringVal(service.Val()) + "/")
	}
	args := in.arguments(x)
	h := Handler{Node: x, Object: fn, Public: in.isPublic(fn)}
	return pair{pattern, in.procedures(x, h, args[min(1, len(args)):], lacksStreams(fn.Signature().Params().At(0).Type()))}, true
}

// procedures returns a handler behind what its options put before it. Unary says that none of its
// procedures has streams.
func (in *interp) procedures(x *ast.CallExpr, h Handler, options []value, unary bool) serving {
	by, known := in.options(options)
	switch {
	case by == byTable, by == byUnary && unary:
		return serving{{handler: h}}.wrapped(string(byTable))
	case by == "" && !known && !h.Public:
		h.Unknown = notKnown("whether its options have a guard is not known")
	}
	return serving{{handler: h}}
}

// options returns what options, or interceptors, put before a handler for certain: byTable, byUnary,
// or "", and whether all of them are known.
func (in *interp) options(values []value) (by wrapping, known bool) {
	known = true
	for _, v := range flat(values) {
		switch v := v.(type) {
		case wrapping:
			if by != byTable && (v == byTable || v == byUnary) {
				by = v
			}
		case function:
			if by == "" && PackageOf(v.fn) == connectAdapterPath && v.fn.Name() == "WrapUnary" {
				by = byUnary
			}
		case opaque:
			known = known && !isOption(v.typ)
		case choice:
			known = false
		}
		if DeclaredAs(typeOf(v), connectAdapterPath, "Guard") {
			by = byTable
		}
	}
	return by, known
}

// lacksStreams reports whether the methods of a service are all given a message and return one.
func lacksStreams(service types.Type) bool {
	methods, ok := service.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range methods.Methods() {
		sig := m.Signature()
		if sig.Params().Len() != 2 || sig.Results().Len() != 2 || DeclaredAs(sig.Params().At(1).Type(), connectPath, "BidiStream", "ClientStream", "ServerStream") {
			return false
		}
	}
	return true
}

// isOption reports whether t is an option or an interceptor, or several of them.
func isOption(t types.Type) bool {
	if t == nil {
		return false
	}
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	return DeclaredAs(t, connectPath, "HandlerOption", "Option", "Interceptor") ||
		DeclaredAs(t, grpcPath, "ServerOption", "UnaryServerInterceptor", "StreamServerInterceptor")
}

// servesProcedures reports whether a function makes the handler of a service: it takes
// options, and returns a path and a handler.
func servesProcedures(sig *types.Signature) bool {
	params, results := sig.Params(), sig.Results()
	return sig.Variadic() && isOption(params.At(params.Len()-1).Type()) && results.Len() == 2 && IsHandler(results.At(1).Type())
}
