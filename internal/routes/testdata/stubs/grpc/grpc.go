// Package grpc has the declarations of google.golang.org/grpc that servers are made by.
package grpc

import "context"

type (
	Server                  struct{}
	ServerOption            interface{}
	UnaryServerInterceptor  func(ctx context.Context, req any) (any, error)
	StreamServerInterceptor func(srv any) error
)

func NewServer(options ...ServerOption) *Server { return nil }

func UnaryInterceptor(i UnaryServerInterceptor) ServerOption           { return nil }
func ChainUnaryInterceptor(i ...UnaryServerInterceptor) ServerOption   { return nil }
func ChainStreamInterceptor(i ...StreamServerInterceptor) ServerOption { return nil }
