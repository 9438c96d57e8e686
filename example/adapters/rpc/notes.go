// Package rpc implements the service that the servers of Connect and of gRPC serve.
package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi/webapirpc"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
)

// Service is the name of the service, and the others are its procedures. Code that is
// generated of a .proto has such constants.
const (
	Service = "notes.v1.NoteService"
	Get     = "/" + Service + "/Get"
	Watch   = "/" + Service + "/Watch"
)

// Message stands for the messages of the service: an ID, or a text. A service with a
// .proto of its own has a type for each.
type Message = wrapperspb.StringValue

// Table says who may call which procedure.
func Table() webapirpc.Table {
	notes := new(notes.NoteResource)
	id := func(message any) string { return message.(*Message).GetValue() }
	return webapirpc.Table{
		Get:   {Resource: notes, Method: "GET", Object: id},
		Watch: {Resource: notes, Method: "GET", Object: id},
	}
}

// GetNote returns a note.
func GetNote(_ context.Context, id *Message) (*Message, error) {
	return wrapperspb.String("note " + id.GetValue()), nil
}

// WatchNote sends a note again and again, until a message cannot be sent.
func WatchNote(ctx context.Context, id *Message, send func(*Message) error) error {
	for {
		note, err := GetNote(ctx, id)
		if err != nil {
			return err
		}
		if err := send(note); err != nil {
			return err
		}
	}
}
