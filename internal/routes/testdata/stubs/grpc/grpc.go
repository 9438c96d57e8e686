// Package grpc has the declarations of google.golang.org/grpc that servers are made by.
package grpc

import (
	"context"
	"net/http"
)

type (
	Server                  struct{}
	ServerOption            interface{ apply() }
	UnaryServerInfo         struct{ FullMethod string }
	UnaryHandler            func(ctx context.Context, req any) (any, error)
	StreamHandler           func(srv any) error
	UnaryServerInterceptor  func(ctx context.Context, req any, info *UnaryServerInfo, handler UnaryHandler) (any, error)
	StreamServerInterceptor func(srv any, handler StreamHandler) error
)

func NewServer(options ...ServerOption) *Server { return nil }

func (*Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

func MaxRecvMsgSize(m int) ServerOption                                { return nil }
func UnaryInterceptor(i UnaryServerInterceptor) ServerOption           { return nil }
func StreamInterceptor(i StreamServerInterceptor) ServerOption         { return nil }
func ChainUnaryInterceptor(i ...UnaryServerInterceptor) ServerOption   { return nil }
func ChainStreamInterceptor(i ...StreamServerInterceptor) ServerOption { return nil }
