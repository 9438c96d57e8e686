// Package webapi is the runtime of the code that webapi-gen generates: it
// decides whether a request may call a method of a resource, by the scopes of
// the OAuth2 access token that came with it.
//
// A generated resource has a guard, CallMethodView, which calls [CallMethodView]
// of this package. [Handle] makes an [http.Handler] of a resource and its views,
// and [Config.Middleware] puts what is known of the request's credentials into
// its context:
//
//	notes := &NoteResource{store}
//	mux.Handle("/notes", webapi.HandleList(notes, webapi.Views{"GET": notes.list, "POST": notes.create}))
//	mux.Handle("/notes/{id}", webapi.Handle(notes, webapi.Views{"GET": notes.get, "DELETE": notes.remove}))
//	http.ListenAndServe(addr, cfg.Middleware(bearer)(mux))
//
// Without net/http, as in the interceptor of an RPC server, [Config.Authenticate]
// and [Decide] do the same.
//
// # The decision
//
// The guard takes the first row that applies. What no row lets through is denied.
//
//	 1  the resource does not answer the method       ErrMethodNotAllowed
//	 2  credentials were presented and rejected       ErrNotLoggedIn for a session, else ErrLoginFailed
//	 3  no credentials, and the method is anonymous   the view runs
//	    or the context has WithUnscopedAccess
//	 4  no credentials                                ErrNotLoggedIn
//	 5  the token has expired, carried by a session   ErrNotLoggedIn
//	 6  the token has expired                         ErrLoginFailed
//	 7  an API token                                  ErrPermissionDenied, unless its policy allows
//	 8  an OAuth2 token, and the resource takes none  ErrAccessDenied
//	 9  the requirement is not met                    ErrMissingScope
//	10  otherwise                                     the view runs
//
// A resource whose [AccessRules] have no name denies after row 1, whatever the
// request carries. A session is logged out in rows 2 and 5. Scopes and methods
// compare byte by byte; no header and no form field changes the method.
//
// # Credentials
//
// [Bearer] makes an [Authenticator] of a [Verifier], which knows what a bearer
// token stands for, and [Session] one of a [SessionStore], which knows the token
// that a login session was opened with. An Authorization header decides alone:
// beside it no session counts. A session's request that changes something has
// to come from the server's own origin, or one that Config.CrossOrigin trusts.
// An OAuth2 token is judged by its scopes, an API token by its [Policy].
//
// # What clients and people can read
//
// [NewCatalog] makes a [Catalog] of the generated WebAPIResources of any number
// of packages: each scope with a text and the methods that it opens. A [Registry]
// is one that changes while the server runs. [NewMetadata] serves the scopes to
// clients, and Config.ResourceMetadata makes challenges point there.
//
// # What the team can see
//
// Config.OnDecision is told every decision. Config.DangerouslyShadowScopesOf lets
// requests through that lack a scope, and reports them, while scopes are
// introduced to an API that has clients already. Package webapitest tests that
// the guards do what a table says.
//
// All functions and methods of this package are safe for concurrent use.
package webapi

// IsAtLeastVersion1 is the handshake between generated code and this package.
// Generated code refers to the constant of the version that it needs, so that
// a runtime which is too old is a compile error and not a guard that decides
// by other rules than its generator knew. A later version adds a constant and
// keeps this one.
const IsAtLeastVersion1 = true
