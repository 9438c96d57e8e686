// Package sse has the declarations of the package of huma that routes are registered by.
package sse

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
)

type Sender func(data any) error

func Register[I any](api huma.API, op huma.Operation, eventTypeMap map[string]any, f func(ctx context.Context, input *I, send Sender)) {
}
