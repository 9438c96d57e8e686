// Package huma has the declarations of github.com/danielgtaylor/huma/v2 that routes are registered by.
package huma

import "context"

type API interface {
	UseMiddleware(middlewares ...func(ctx Context, next func(Context)))
}

type Context interface{ Context() context.Context }

type Middlewares []func(ctx Context, next func(Context))

type Operation struct {
	Method, Path string
	Middlewares  Middlewares
}

type Group struct{ API }

func NewGroup(api API, prefixes ...string) *Group { return &Group{api} }

func Register[I, O any](api API, op Operation, handler func(context.Context, *I) (*O, error)) {}

func Get[I, O any](api API, path string, handler func(context.Context, *I) (*O, error)) {}
