// Package connectapi has the declarations of the adapter for Connect.
package connectapi

import "connectrpc.com/connect"

type Guard struct{}

func (*Guard) Option() connect.HandlerOption { return nil }

func (*Guard) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc { return next }
