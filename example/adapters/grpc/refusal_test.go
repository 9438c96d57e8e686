package grpc

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TestRefusalOfNil holds that a nil *webapi.Error, which is no nil error, does not
// end the server: grpc-go recovers no panic.
func TestRefusalOfNil(t *testing.T) {
	var none *webapi.Error
	if got := status.Code(refusal(none)); got != codes.Internal {
		t.Errorf("got %v, want %v", got, codes.Internal)
	}
	if got := trailer(t.Context(), none); got != nil {
		t.Errorf("got the trailer %v", got)
	}
}
