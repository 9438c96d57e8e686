package connect

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"connectrpc.com/connect"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// refusal returns the error of Connect for an *webapi.Error, with what HTTP
// sends beside the status: the challenge and the number of the error. Another
// err is returned as it is.
//
// WWW-Authenticate belongs to a status 401, which calls of Connect's own protocol
// are answered with. The other protocols send trailers, where HTTP forbids that
// name (RFC 9110, section 6.5.1) and net/http drops it, hence Webapi-Challenge.
func refusal(ctx context.Context, peer connect.Peer, err error) error {
	e, ok := errors.AsType[*webapi.Error](err)
	if !ok {
		return err
	}
	if e == nil { // a nil pointer is an error all the same, though not one that says anything
		return connect.NewError(connect.CodeInternal, errors.New("internal error"))
	}
	refused := connect.NewError(codeOf(e), errors.New(e.Message))
	refused.Meta().Set("Webapi-Code", strconv.Itoa(e.Code))
	if challenge := webapi.Challenge(ctx, e); challenge != "" {
		refused.Meta().Set("Webapi-Challenge", challenge)
		if peer.Protocol == connect.ProtocolConnect {
			refused.Meta().Set("WWW-Authenticate", challenge)
		}
	}
	return refused
}

func codeOf(e *webapi.Error) connect.Code {
	switch e.Status {
	case http.StatusBadRequest:
		return connect.CodeInvalidArgument
	case http.StatusUnauthorized:
		return connect.CodeUnauthenticated
	case http.StatusForbidden:
		return connect.CodePermissionDenied
	case http.StatusMethodNotAllowed:
		return connect.CodeUnimplemented
	case http.StatusServiceUnavailable:
		return connect.CodeUnavailable
	default:
		return connect.CodeInternal
	}
}
