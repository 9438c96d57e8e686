// Package tagsconnect has what protoc-gen-connect-go writes for a service of another module.
package tagsconnect

import (
	"context"
	"net/http"

	"connectrpc.com/connect"
)

const TagServiceName = "tags.v1.TagService"

type Service interface {
	Get(context.Context, *connect.Request[string]) (*connect.Response[string], error)
}

func NewTagServiceHandler(svc Service, opts ...connect.HandlerOption) (string, http.Handler)

const StreamServiceName = "tags.v1.StreamService"

type Streams interface {
	Get(context.Context, *connect.Request[string]) (*connect.Response[string], error)
	Watch(context.Context, *connect.Request[string], *connect.ServerStream[string]) error
}

func NewStreamServiceHandler(svc Streams, opts ...connect.HandlerOption) (string, http.Handler)

// NewOtherHandler has no name of its service beside it.
func NewOtherHandler(svc Service, opts ...connect.HandlerOption) (string, http.Handler)

// NewClients makes no handler.
func NewClients(svc Service, opts ...connect.HandlerOption) (string, error)

// Files serves files.
func Files(dir string) (string, http.Handler)

// Option is no guard.
func Option() connect.HandlerOption
