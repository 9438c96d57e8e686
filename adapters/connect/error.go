package connectapi

import (
	"context"
	"errors"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapirpc"
)

// refusal returns the error of Connect for err, or err itself if there is no
// *webapi.Error in it.
func (g *Guard) refusal(ctx context.Context, peer connect.Peer, err error) error {
	var e *webapi.Error
	if !errors.As(err, &e) {
		return err
	}
	if e == nil { // a nil pointer in err is a mistake of the server
		return connect.NewError(connect.CodeInternal, errors.New("internal error"))
	}
	if g.Error != nil {
		if own := g.Error(ctx, e); own != nil {
			return own
		}
	}
	refused := connect.NewError(connect.Code(webapirpc.Code(e)), errors.New(strings.ToValidUTF8(e.Message, "\uFFFD")))
	reason, metadata := webapirpc.Info(ctx, e)
	if detail, err := connect.NewErrorDetail(&errdetails.ErrorInfo{Reason: reason, Domain: webapirpc.Domain, Metadata: metadata}); err == nil {
		refused.AddDetail(detail)
	}
	// WWW-Authenticate belongs to status 401, which Connect's own protocol responds
	// with. The others send trailers, which cannot have it (RFC 9110, section 6.5.1).
	if challenge := metadata["challenge"]; challenge != "" && peer.Protocol == connect.ProtocolConnect {
		refused.Meta().Set("WWW-Authenticate", challenge)
	}
	return refused
}
