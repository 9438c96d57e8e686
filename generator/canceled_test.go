package generator

import (
	"context"
	"errors"
	"testing"
)

// A run ends when it is interrupted, whatever it does.
func TestOrCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := orCanceled(ctx, func() error {
		cancel()
		<-t.Context().Done() // which is after the test
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
