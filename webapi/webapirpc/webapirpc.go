// Package webapirpc says what the procedures of an RPC service are to a guard,
// which knows resources and methods of HTTP. It is for the adapters of RPC
// frameworks; a server imports one of these, such as adapters/connect or
// adapters/grpc.
package webapirpc

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Table has a rule for each procedure, by its full name, such as
// "/notes.v1.NoteService/Get". A procedure that is not listed is denied.
type Table map[string]Rule

// Rule says what a procedure does, and to what.
type Rule struct {
	// Resource and Method are what the guard is asked for. For a named operation, Method is
	// the text of its constant: string(NotePostArchive). A procedure for the collection that
	// reads is GET/list if Resource has it, as in [webapi.DecideList].
	Resource webapi.Resource
	Method   string
	// Object returns the ID of the object that a message of the client names, and
	// "" for a message that names none, for which API tokens are denied. A nil
	// Object means that the procedure is for the collection.
	Object func(message any) string
}

// Call is one call of a procedure, for as long as it lasts. Once it has been
// denied it stays so. It is safe for concurrent use.
type Call struct {
	ctx          context.Context
	rule         Rule
	ignoreExpiry bool

	mu      sync.Mutex
	object  string // what the last message named
	allowed bool   // for object
	denied  error
}

// Call returns the call of a procedure. The context is that of
// [webapi.Config.Authenticate] or [webapi.Config.Middleware].
//
// If ignoreExpiry is true, the call is decided again only if a message names
// another object than the one before, and may go on after the token has expired.
func (t Table) Call(ctx context.Context, procedure string, ignoreExpiry bool) *Call {
	return &Call{ctx: ctx, rule: t[procedure], ignoreExpiry: ignoreExpiry}
}

// Begin decides before the first message if no message can change the decision:
// if the procedure is not in the table, or is for the collection. It reports
// whether it has decided.
func (c *Call) Begin() (decided bool, err error) {
	if c.rule.Resource != nil && c.rule.Object != nil {
		return false, nil
	}
	return true, c.Decide()
}

// Received decides whether the call may go on after a message of the client.
func (c *Call) Received(message any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rule.Object != nil {
		if object := c.rule.Object(message); object != c.object {
			c.object, c.allowed = object, false
		}
	}
	return c.decide()
}

// Decide decides again, for the object of the last message: the token may have
// expired. Before the first message the object of a procedure that has one is
// unknown, and API tokens are denied.
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
	case c.denied != nil, c.allowed && c.ignoreExpiry:
		return c.denied
	case c.rule.Resource == nil:
		c.denied = webapi.ErrPermissionDenied
	case c.rule.Object == nil:
		c.denied = webapi.DecideList(c.ctx, c.rule.Resource, c.rule.Method)
	default:
		c.denied = webapi.Decide(c.ctx, c.rule.Resource, c.rule.Method, c.object)
	}
	c.allowed = c.denied == nil
	return c.denied
}

// Run calls the handler of a stream and returns its error, or the one that the
// call was denied with: the handler may have ignored it. The context of the handler
// is ctx until the token expires, by the system's clock, so that a stream that sends
// nothing ends as well.
func (c *Call) Run(ctx context.Context, handler func(context.Context) error) error {
	until := ctx
	if token, ok := webapi.TokenFrom(c.ctx); ok && !token.Expires.IsZero() && !c.ignoreExpiry {
		var cancel context.CancelFunc
		until, cancel = context.WithDeadlineCause(ctx, token.Expires, webapi.ErrLoginFailed)
		defer cancel()
	}
	err := handler(until)
	if err != nil && until.Err() != nil && ctx.Err() == nil {
		_ = c.Decide() // Denied returns the error
	}
	return cmp.Or(c.Denied(), err)
}

// Code returns the status code of gRPC for e, which is that of Connect as well.
func Code(e *webapi.Error) uint32 {
	switch e.Status {
	case http.StatusBadRequest:
		return 3 // INVALID_ARGUMENT
	case http.StatusUnauthorized:
		return 16 // UNAUTHENTICATED
	case http.StatusForbidden:
		return 7 // PERMISSION_DENIED
	case http.StatusNotFound:
		return 5 // NOT_FOUND
	case http.StatusMethodNotAllowed:
		return 12 // UNIMPLEMENTED
	case http.StatusConflict:
		return 10 // ABORTED
	case http.StatusTooManyRequests:
		return 8 // RESOURCE_EXHAUSTED
	case http.StatusServiceUnavailable:
		return 14 // UNAVAILABLE
	default:
		return 13 // INTERNAL
	}
}

// Domain is the domain of a google.rpc.ErrorInfo.
const Domain = "webapi-gen"

// Info returns what a google.rpc.ErrorInfo says of e. The reason is the type of e in
// the form of ErrorInfo, such as AUTH_OAUTH2_MISSING_SCOPE. The metadata has:
//
//   - "code": Error.Code
//   - "challenge": the value of WWW-Authenticate, if there is one
//   - "required_scopes": the requirement, if a scope is missing
//   - "missing_scopes": the scopes that the token lacks, separated by spaces
//   - "acr_values" and "max_age": those of [webapi.StepUp], the second in seconds, if
//     the user's login is not sufficient
func Info(ctx context.Context, e *webapi.Error) (reason string, metadata map[string]string) {
	reason = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return r
		}
		return '_'
	}, e.Type)
	metadata = map[string]string{"code": strconv.Itoa(e.Code)}
	add := func(key, value string) {
		if value != "" {
			metadata[key] = strings.ToValidUTF8(value, "\uFFFD") // protobuf has no other
		}
	}
	add("challenge", webapi.Challenge(ctx, e))
	if len(e.Missing) > 0 {
		missing := make([]string, len(e.Missing))
		for i, scope := range e.Missing {
			missing[i] = string(scope)
		}
		add("missing_scopes", strings.Join(missing, " "))
		add("required_scopes", e.Required.String())
	}
	add("acr_values", e.StepUp.ACR)
	if e.StepUp.MaxAge > 0 {
		add("max_age", strconv.FormatInt(int64(e.StepUp.MaxAge/time.Second), 10))
	}
	return reason, metadata
}
