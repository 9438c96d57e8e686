// Package mcp is a server of the Model Context Protocol whose tools need scopes.
//
// A call of a tool is a POST to the one URL of the server, with the tool's name in the
// body. So each tool is an operation of one resource, POST/list_notes, and a guard
// before the handler of the SDK asks for the operation that the body names. The rest of
// the protocol, such as the list of tools, is open to any valid token.
//
// A client without a token gets a 401 that points to the metadata, and asks for its
// baseline, note:read. When it calls a tool that needs more, it gets a 403 with all
// scopes of the tool in the challenge, before the response of the tool has begun, and
// asks for these as well. The test does this with the client of the SDK.
//
// Some clients ask for what the challenge names and nothing else, and lose what they had
// before. So note:write grants note:read, or such a client could list or add, but never
// both.
//
//webapi:implies note:write note:read
package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/webapi-gen/webapi-gen/webapi"
)

//go:generate go tool webapi-gen --tests

// NoteResource is the tools for notes. A tool is named in methods=, and what it needs in
// map= or in a line of its own.
//
//webapi:resource name=note methods=POST,POST/list_notes,POST/add_note,POST/delete_note authenticated=POST map=POST/list_notes:read,POST/add_note:write,POST/delete_note:destroy
//webapi:require POST/delete_note note:write note:destroy
//webapi:describe read See your notes
//webapi:describe write Add notes
//webapi:describe destroy Delete your notes, together with note:write
type NoteResource struct {
	mu    sync.Mutex
	notes []string
	tools map[string]webapi.Operation // by name
}

type none struct{}

type note struct {
	Text string `json:"text"`
}

type notes struct {
	Notes []string `json:"notes"`
}

// register adds the tools to server.
func (t *NoteResource) register(server *mcp.Server) {
	addTool(t, server, NotePostListNotes, "Lists the notes", t.list)
	addTool(t, server, NotePostAddNote, "Adds a note", t.add)
	addTool(t, server, NotePostDeleteNote, "Deletes a note", t.remove)
}

// addTool adds the tool of an operation, which has its name. The guard has asked already,
// with the same answer unless it reads a body in another way than the SDK.
func addTool[In, Out any](t *NoteResource, server *mcp.Server, operation webapi.Operation, description string, f func(In) (Out, error)) {
	name := strings.TrimPrefix(string(operation), "POST/")
	t.tools[name] = operation
	mcp.AddTool(server, &mcp.Tool{Name: name, Description: description},
		func(ctx context.Context, _ *mcp.CallToolRequest, in In) (_ *mcp.CallToolResult, out Out, err error) {
			if err := webapi.Decide(ctx, t, string(operation), ""); err != nil {
				return nil, out, err
			}
			out, err = f(in)
			return nil, out, err
		})
}

func (t *NoteResource) list(none) (notes, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return notes{append([]string{}, t.notes...)}, nil
}

func (t *NoteResource) add(n note) (none, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.notes = append(t.notes, n.Text)
	return none{}, nil
}

func (t *NoteResource) remove(n note) (none, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, text := range t.notes {
		if text == n.Text {
			t.notes = append(t.notes[:i], t.notes[i+1:]...)
			return none{}, nil
		}
	}
	return none{}, errors.New("no such note")
}

// maxBody is more than any call needs.
const maxBody = 1 << 20

// guard returns next behind the guards of the tools.
func (t *NoteResource) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the body cannot be read", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if operation, ok := t.tools[toolOf(body)]; ok {
			webapi.GuardOperation(t, operation)(next).ServeHTTP(w, r)
			return
		}
		webapi.Guard(t)(next).ServeHTTP(w, r)
	})
}

// toolOf returns the name of the tool that a message calls, or "".
func toolOf(body []byte) string {
	message, err := jsonrpc.DecodeMessage(body)
	if err != nil {
		return ""
	}
	var params struct {
		Name string `json:"name"`
	}
	call, ok := message.(*jsonrpc.Request)
	if !ok || call.Method != "tools/call" || json.Unmarshal(call.Params, &params) != nil {
		return ""
	}
	return params.Name
}

// NewHandler returns the server. Its URL, as clients and tokens have it, is resource,
// which ends in /mcp. The authorization server has the URL issuer, and verifier knows its
// tokens.
func NewHandler(resource, issuer string, verifier webapi.Verifier) (http.Handler, error) {
	catalog, err := webapi.NewCatalog(WebAPIResources())
	if err != nil {
		return nil, err
	}
	metadata, err := webapi.NewMetadata(webapi.ProtectedResource{
		Resource:             resource,
		AuthorizationServers: []string{issuer},
		Scopes:               catalog,
		Baseline:             []webapi.Scope{NoteScopeRead},
	})
	if err != nil {
		return nil, err
	}

	server := mcp.NewServer(&mcp.Implementation{Name: "notes", Version: "1"}, nil)
	tools := &NoteResource{tools: map[string]webapi.Operation{}}
	tools.register(server)
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{Stateless: true})

	mux := http.NewServeMux()
	mux.Handle(metadata.Pattern(), metadata)
	mux.Handle("POST /mcp", tools.guard(handler))
	cfg := &webapi.Config{Realm: "notes", ResourceMetadata: metadata.URL()}
	return cfg.Middleware(webapi.Bearer(webapi.ForAudience(verifier, resource)))(mux), nil
}
