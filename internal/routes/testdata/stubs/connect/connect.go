// Package connect has the declarations of connectrpc.com/connect that handlers are made by.
package connect

import (
	"context"
	"net/http"
)

type HandlerOption interface{ applyToHandler() }

type Option interface{ HandlerOption }

type Interceptor interface{ WrapUnary(UnaryFunc) UnaryFunc }

type UnaryFunc func(context.Context, any) (any, error)

type Handler struct{}

func (*Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

type Request[T any] struct{ Msg *T }

type Response[T any] struct{ Msg *T }

func NewUnaryHandler[Req, Res any](procedure string, unary func(context.Context, *Request[Req]) (*Response[Res], error), options ...HandlerOption) *Handler {
	return &Handler{}
}

type ServerStream[T any] struct{}

func NewServerStreamHandler[Req, Res any](procedure string, stream func(context.Context, *Request[Req], *ServerStream[Res]) error, options ...HandlerOption) *Handler {
	return &Handler{}
}

type UnaryInterceptorFunc func(UnaryFunc) UnaryFunc

func (f UnaryInterceptorFunc) WrapUnary(next UnaryFunc) UnaryFunc { return f(next) }

func WithHandlerOptions(options ...HandlerOption) HandlerOption { return nil }

func WithConditionalHandlerOptions(conditional func(procedure string) []HandlerOption) HandlerOption {
	return nil
}

func WithInterceptors(interceptors ...Interceptor) Option { return nil }

func WithReadMaxBytes(max int) Option { return nil }
