// Package huma has the declarations of github.com/danielgtaylor/huma/v2 that routes are registered by.
package huma

import (
	"context"
	"net/http"
)

type API interface {
	Adapter() Adapter
	Middlewares() Middlewares
	UseMiddleware(middlewares ...func(ctx Context, next func(Context)))
}

type Adapter interface {
	Handle(op *Operation, handler func(ctx Context))
	ServeHTTP(http.ResponseWriter, *http.Request)
}

type Config struct{}

type Context interface {
	Context() context.Context
	Method() string
	SetStatus(code int)
}

type Middlewares []func(ctx Context, next func(Context))

type Operation struct {
	Method, Path, Summary string
	Middlewares           Middlewares
}

func NewAPI(config Config, a Adapter) API { return nil }

type Group struct{ API }

func NewGroup(api API, prefixes ...string) *Group { return &Group{api} }

func (g *Group) UseModifier(modifier func(o *Operation, next func(*Operation))) {}

func (g *Group) UseSimpleModifier(modifier func(o *Operation)) {}

func OperationTags(tags ...string) func(o *Operation) { return nil }

func AutoRegister(api API, server any) {}

func WriteErr(api API, ctx Context, status int, msg string, errs ...error) error { return nil }

func Register[I, O any](api API, op Operation, handler func(context.Context, *I) (*O, error)) {}

func Get[I, O any](api API, path string, handler func(context.Context, *I) (*O, error), operationHandlers ...func(o *Operation)) {
}
