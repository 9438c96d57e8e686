package connect

import (
	"testing"

	"connectrpc.com/connect"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TestRefusalOfNil holds that a nil *webapi.Error, which is no nil error, is
// answered as what it is: a mistake of the server.
func TestRefusalOfNil(t *testing.T) {
	var none *webapi.Error
	if got := connect.CodeOf(refusal(t.Context(), connect.Peer{}, none)); got != connect.CodeInternal {
		t.Errorf("got %v, want %v", got, connect.CodeInternal)
	}
}
