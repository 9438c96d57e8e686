// Package rpc says what the procedures of an RPC service are to a guard, which
// knows resources and methods of HTTP. The adapters for Connect and gRPC share it.
package rpc

import (
	"context"
	"sync"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Table has a rule for each procedure, by its full name, such as
// "/notes.v1.NoteService/Get". A procedure that is not listed is denied.
type Table map[string]Rule

// Rule says what a procedure does, and to what.
type Rule struct {
	// Resource and Method are what the guard is asked for.
	Resource webapi.Resource
	Method   string
	// Object returns the ID of the object that a message of the client names.
	// Nil means that the procedure is for the collection.
	Object func(message any) string
}

// Call is one call of a procedure, for as long as it lasts. Once it has been
// denied it stays so. It is safe for concurrent use.
type Call struct {
	ctx  context.Context
	rule Rule

	mu     sync.Mutex
	object string // what the last message named
	denied error
}

// Call returns the call of a procedure. ctx is that of webapi.Config.Authenticate.
func (t Table) Call(ctx context.Context, procedure string) *Call {
	return &Call{ctx: ctx, rule: t[procedure]}
}

// Received decides whether the call may go on after a message of the client.
func (c *Call) Received(message any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rule.Object != nil {
		c.object = c.rule.Object(message)
	}
	return c.decide()
}

// Decide decides again, for the object of the last message: the token may have
// expired. Before the first message nobody knows the object of a procedure that
// has one, and API tokens are denied.
func (c *Call) Decide() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.decide()
}

// Denied returns the error that the call was denied with, or nil.
func (c *Call) Denied() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.denied
}

func (c *Call) decide() error {
	switch {
	case c.denied != nil:
	case c.rule.Resource == nil:
		c.denied = webapi.ErrPermissionDenied
	case c.rule.Object == nil:
		c.denied = webapi.DecideList(c.ctx, c.rule.Resource, c.rule.Method)
	default:
		c.denied = webapi.Decide(c.ctx, c.rule.Resource, c.rule.Method, c.object)
	}
	return c.denied
}
