package routes

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

const (
	grpcPath        = "google.golang.org/grpc"
	grpcAdapterPath = adaptersPath + "grpc"
)

// byGRPC is what servers of gRPC do that have both interceptors of a Guard of the adapter.
const byGRPC wrapping = "the table of grpcapi.Guard"

// callGRPC evaluates a call that makes an option or a server of gRPC. An option with an
// interceptor of a guard is a wrapping with its name.
func (in *interp) callGRPC(x *ast.CallExpr, fn *types.Func) (value, bool) {
	name := fn.Name()
	switch path := PackageOf(fn); {
	case ReceiverOf(fn) != nil:
	case isNewServer(fn):
		return in.newServer(x, flat(in.arguments(x))), true
	case path == grpcPath && strings.HasSuffix(name, "Interceptor"):
		for _, v := range flat(in.arguments(x)) {
			if i := in.interceptor(v); i != "" {
				return wrapping(i), true
			}
		}
		return &object{typ: in.pkg.Info.TypeOf(x)}, true
	case path == grpcPath && isOption(in.pkg.Info.TypeOf(x)):
		in.arguments(x)
		return &object{typ: in.pkg.Info.TypeOf(x)}, true
	}
	return nil, false
}

func isNewServer(fn *types.Func) bool {
	return strings.HasPrefix(PackageOf(fn), grpcPath) && (fn.Name() == "NewServer" || fn.Name() == "NewGRPCServer") && ReceiverOf(fn) == nil
}

// newServer returns a server with options, and notes what they leave without a guard.
func (in *interp) newServer(x *ast.CallExpr, options []value) value {
	in.servers[x.Pos()] = true
	known := !slices.ContainsFunc(options, func(v value) bool {
		_, isChoice := v.(choice)
		_, isOpaque := v.(opaque)
		return v == nil || isChoice || isOpaque
	})
	guarded := true
	for _, name := range []string{"Unary", "Stream"} {
		switch {
		case slices.Contains(options, value(wrapping(name))):
			continue
		case known:
			in.note(x.Pos(), "grpc.NewServer is given no Guard.%s of grpcapi, so procedures may be open", name)
		default:
			in.note(x.Pos(), "it is not known whether the options of grpc.NewServer have a Guard.%s of grpcapi, so procedures may be open", name)
		}
		guarded = false
	}
	if guarded {
		return serving{{handler: Handler{Node: x}}}.wrapped(string(byGRPC))
	}
	return in.typed(x, "its procedures may be open")
}

// interceptor returns Unary or Stream if an interceptor is that method of a guard, or calls
// what runs next only through it; "" if not.
func (in *interp) interceptor(v value) string {
	var pkg *Package
	var outer *env
	var typ *ast.FuncType
	var body *ast.BlockStmt
	switch v := v.(type) {
	case function:
		if PackageOf(v.fn) == grpcAdapterPath {
			return v.fn.Name()
		}
		b, known := in.bodies[v.fn]
		if !known {
			return ""
		}
		pkg, typ, body = b.pkg, b.decl.Type, b.decl.Body
	case *closure:
		pkg, outer, typ, body = v.pkg, v.env, v.lit.Type, v.lit.Body
	default:
		return ""
	}
	if in.frame.level > maxLevel || len(typ.Params.List) == 0 {
		return ""
	}
	names := typ.Params.List[len(typ.Params.List)-1].Names
	if len(names) == 0 {
		return ""
	}
	next := pkg.Info.Defs[names[len(names)-1]]
	in.frame = &frame{pkg: pkg, env: newEnv(outer), caller: in.frame, level: in.frame.level + 1}
	defer func() { in.frame = in.frame.caller }()
	through, uses, calls := "", 0, 0
	for n := range ast.Preorder(body) {
		switch n := n.(type) {
		case *ast.Ident:
			if pkg.Info.Uses[n] == next {
				uses++
			}
		case *ast.CallExpr:
			if len(n.Args) > 0 && pkg.Info.Uses[Ident(n.Args[len(n.Args)-1])] == next {
				if i := in.interceptor(in.eval(n.Fun)); i != "" {
					through = i
					calls++
				}
			}
		}
	}
	if uses != calls {
		return ""
	}
	return through
}
