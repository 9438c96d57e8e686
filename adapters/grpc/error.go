package grpcapi

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapirpc"
)

// refusal returns the error of gRPC for err, or err itself if there is no
// *webapi.Error in it.
func (g *Guard) refusal(ctx context.Context, err error) error {
	var e *webapi.Error
	if !errors.As(err, &e) {
		return err
	}
	if e == nil { // a nil pointer in err is a mistake of the server
		return status.Error(codes.Internal, "internal error")
	}
	if g.Error != nil {
		if own := g.Error(ctx, e); own != nil {
			return own
		}
	}
	refused := status.New(codes.Code(webapirpc.Code(e)), strings.ToValidUTF8(e.Message, "\uFFFD"))
	reason, metadata := webapirpc.Info(ctx, e)
	if detailed, err := refused.WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: webapirpc.Domain, Metadata: metadata}); err == nil {
		refused = detailed
	}
	return refused.Err()
}
