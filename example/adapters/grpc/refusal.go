package grpc

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// refusal returns the status of gRPC for an *webapi.Error. Another err is
// returned as it is.
func refusal(err error) error {
	e, ok := errors.AsType[*webapi.Error](err)
	if !ok {
		return err
	}
	if e == nil { // a nil pointer is an error all the same, though not one that says anything
		return status.Error(codes.Internal, "internal error")
	}
	return status.Error(codeOf(e), e.Message)
}

// trailer returns what HTTP sends beside the status: the challenge and the
// number of the error. The challenge is not named www-authenticate, which HTTP
// forbids in trailers (RFC 9110, section 6.5.1) and clients may drop.
func trailer(ctx context.Context, err error) metadata.MD {
	e, ok := errors.AsType[*webapi.Error](err)
	if !ok || e == nil {
		return nil
	}
	md := metadata.Pairs("webapi-code", strconv.Itoa(e.Code))
	if challenge := webapi.Challenge(ctx, e); challenge != "" {
		md.Set("webapi-challenge", challenge)
	}
	return md
}

func codeOf(e *webapi.Error) codes.Code {
	switch e.Status {
	case http.StatusBadRequest:
		return codes.InvalidArgument
	case http.StatusUnauthorized:
		return codes.Unauthenticated
	case http.StatusForbidden:
		return codes.PermissionDenied
	case http.StatusMethodNotAllowed:
		return codes.Unimplemented
	case http.StatusServiceUnavailable:
		return codes.Unavailable
	default:
		return codes.Internal
	}
}
