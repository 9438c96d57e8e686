package rpc

import (
	"context"
	"errors"
	"io"

	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
)

// Service is the name of the service.
const Service = "notes.v1.NoteService"

// The procedures of the service.
const (
	List   = "/" + Service + "/List"
	Get    = "/" + Service + "/Get"
	Create = "/" + Service + "/Create"
	Delete = "/" + Service + "/Delete"
	Rename = "/" + Service + "/Rename"
	Watch  = "/" + Service + "/Watch"  // the server sends a stream
	Import = "/" + Service + "/Import" // the client sends a stream
	Backup = "/" + Service + "/Backup" // not in the table, so nobody may call it
)

// NoteTable returns the rules of the service. The resource answers no PATCH,
// hence nobody may Rename.
func NoteTable() Table {
	notes := new(notes.NoteResource)
	return Table{
		List:   {Resource: notes, Method: "GET"},
		Get:    {Resource: notes, Method: "GET", Object: noteID},
		Create: {Resource: notes, Method: "POST"},
		Delete: {Resource: notes, Method: "DELETE", Object: noteID},
		Rename: {Resource: notes, Method: "PATCH", Object: noteID},
		Watch:  {Resource: notes, Method: "GET", Object: noteID},
		Import: {Resource: notes, Method: "POST"},
	}
}

// Message stands for the messages of the service: an ID, or a text. A service
// with a .proto of its own has a type for each, and an Object for each that
// names a note.
type Message = wrapperspb.StringValue

func noteID(message any) string {
	id, _ := message.(*Message)
	return id.GetValue()
}

// Notes implements the service.
type Notes struct {
	// Changes are what watchers are sent.
	Changes <-chan string
}

// Unary is a procedure with one message each way.
type Unary = func(context.Context, *Message) (*Message, error)

// Unary returns the procedures that have one message each way.
func (*Notes) Unary() map[string]Unary {
	return map[string]Unary{List: echo, Get: echo, Create: echo, Delete: echo, Rename: echo, Backup: echo}
}

func echo(_ context.Context, m *Message) (*Message, error) { return m, nil }

// Watch sends the note and then its changes, until the client has enough.
func (n *Notes) Watch(ctx context.Context, id *Message, send func(*Message) error) error {
	if err := send(id); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case change := <-n.Changes:
			if err := send(wrapperspb.String(change)); err != nil {
				return err
			}
		}
	}
}

// Import takes notes until the client has no more.
func (*Notes) Import(receive func() (*Message, error)) (*Message, error) {
	for {
		_, err := receive()
		if errors.Is(err, io.EOF) {
			return wrapperspb.String("imported"), nil
		}
		if err != nil {
			return nil, err
		}
	}
}
