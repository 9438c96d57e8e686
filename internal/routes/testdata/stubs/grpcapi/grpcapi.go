// Package grpcapi has the declarations of the adapter for gRPC.
package grpcapi

import (
	"context"

	"google.golang.org/grpc"
)

type Guard struct{}

func (*Guard) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	return nil, nil
}

func (*Guard) Stream(srv any, handler grpc.StreamHandler) error { return nil }
