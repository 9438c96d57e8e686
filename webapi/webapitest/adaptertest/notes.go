package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapirpc"
)

// Notes returns the resource that servers under test guard. It is what webapi-gen
// makes of
//
//	//webapi:resource methods=GET,POST,POST/archive,DELETE key=id apitokens=allow
//	//webapi:require POST/archive note:archive
//	//webapi:require DELETE note:destroy note:write
//	type NoteResource struct{}
func Notes() webapi.Resource { return notes{} }

// PostArchive is the named operation of [Notes].
const PostArchive webapi.Operation = "POST/archive"

type notes struct{}

func (x notes) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (notes) RequiredScopes(method string) (webapi.Requirement, bool) {
	switch method {
	case "GET", "HEAD":
		return webapi.Require("note:read"), true
	case "POST":
		return webapi.Require("note:write"), true
	case string(PostArchive):
		return webapi.Require("note:archive"), true
	case "DELETE":
		return webapi.AnyOf(webapi.AllOf("note:destroy", "note:write")), true
	}
	return webapi.Requirement{}, false
}

func (notes) AccessRules() webapi.AccessRules {
	return webapi.AccessRules{
		Name: "note", Policy: "note", Key: "id", Allow: "GET, HEAD, POST, DELETE", OAuth2: true, APITokens: true,
	}
}

// netHTTP returns a server with the router of the standard library, which others
// are compared with.
func netHTTP(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
	ok := func(http.ResponseWriter, *http.Request) error { return nil }
	get := func(w http.ResponseWriter, r *http.Request) error {
		_, err := fmt.Fprint(w, "note ", r.PathValue("id"))
		return err
	}
	list := func(w http.ResponseWriter, _ *http.Request) error {
		_, err := fmt.Fprint(w, "notes")
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/notes", webapi.HandleList(Notes(), webapi.Views{"GET": list, "POST": ok}))
	mux.Handle("/notes/{id}", webapi.Handle(Notes(), webapi.Views{"GET": get, "DELETE": ok}))
	mux.Handle("/notes/{id}/archive", webapi.HandleOperation(Notes(), PostArchive, ok))
	return cfg.Middleware(authenticators...)(mux)
}

// The procedures of the RPC service under test, whose name is Service.
const (
	Service = "notes.v1.NoteService"

	List    = "/" + Service + "/List"
	Get     = "/" + Service + "/Get"
	Create  = "/" + Service + "/Create"
	Delete  = "/" + Service + "/Delete"
	Archive = "/" + Service + "/Archive" // a named operation
	Rename  = "/" + Service + "/Rename"  // PATCH, which the resource does not answer
	Watch   = "/" + Service + "/Watch"   // the server sends a stream
	Import  = "/" + Service + "/Import"  // the client sends a stream
	Backup  = "/" + Service + "/Backup"  // not in the table
)

// Unary returns the procedures with one message each way. Their response is the
// request.
func Unary() []string { return []string{List, Get, Create, Delete, Archive, Rename, Backup} }

// Table returns the rules of the RPC service under test. Its messages are those of
// google.protobuf.StringValue: the ID of a note, or a text.
func Table() webapirpc.Table {
	noteID := func(message any) string {
		if m, ok := message.(interface{ GetValue() string }); ok {
			return m.GetValue()
		}
		return ""
	}
	return webapirpc.Table{
		List:    {Resource: Notes(), Method: "GET"},
		Get:     {Resource: Notes(), Method: "GET", Object: noteID},
		Create:  {Resource: Notes(), Method: "POST"},
		Delete:  {Resource: Notes(), Method: "DELETE", Object: noteID},
		Archive: {Resource: Notes(), Method: string(PostArchive), Object: noteID},
		Rename:  {Resource: Notes(), Method: "PATCH", Object: noteID},
		Watch:   {Resource: Notes(), Method: "GET", Object: noteID},
		Import:  {Resource: Notes(), Method: "POST"},
	}
}

// WatchNote implements Watch: it sends the note and then its changes, until the
// context ends.
func WatchNote(ctx context.Context, id string, changes <-chan string, send func(string) error) error {
	if err := send(id); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case change := <-changes:
			if err := send(change); err != nil {
				return err
			}
		}
	}
}

// ImportNotes implements Import: it receives notes until there are no more.
func ImportNotes(receive func() (string, error)) (string, error) {
	for {
		_, err := receive()
		if errors.Is(err, io.EOF) {
			return "imported", nil
		}
		if err != nil {
			return "", err
		}
	}
}
