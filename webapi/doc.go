// Package webapi is the runtime of the code that webapi-gen generates. It decides
// whether a request may call a method of a resource, by the scopes of the
// request's OAuth2 access token.
//
// # Guards
//
// Each generated resource has a method CallMethodView, its guard, which calls
// [CallMethodView]. The handler of a resource calls the guard with the view, the
// function that does the work, and [Config.Middleware] verifies the credentials
// of the request:
//
//	notes := &NoteResource{store}
//	mux.Handle("/notes", webapi.HandleList(notes, webapi.Views{"GET": notes.list, "POST": notes.create}))
//	mux.Handle("/notes/{id}", webapi.Handle(notes, webapi.Views{"GET": notes.get, "DELETE": notes.remove}))
//	http.ListenAndServe(addr, cfg.Middleware(bearer)(mux))
//
// Before a handler that exists, [Guard] and [GuardList] are middleware:
//
//	mux.Handle("DELETE /notes/{id}", webapi.Guard(notes)(http.HandlerFunc(removeNote)))
//
// For the route of a named operation, such as POST/archive, which may need other scopes than
// its method, there are [HandleOperation] and [GuardOperation]:
//
//	mux.Handle("POST /notes/{id}/archive", webapi.HandleOperation(notes, NotePostArchive, notes.archive))
//
// Without net/http, as in the interceptor of an RPC server, use
// [Config.Authenticate] and [Decide].
//
// # The decision
//
// The guard uses the first row that applies:
//
//	 1  the resource does not answer the method,      ErrMethodNotAllowed
//	    or an operation is of another method
//	1a  the method is public                          the view runs
//	 2  credentials were presented and rejected       ErrNotLoggedIn for a session, else ErrLoginFailed
//	 3  no credentials, and the method is anonymous   the view runs
//	    or the context has WithUnscopedAccess
//	 4  no credentials                                ErrNotLoggedIn
//	 5  the token has expired, carried by a session   ErrNotLoggedIn
//	 6  the token has expired                         ErrLoginFailed
//	 7  an API token                                  ErrPermissionDenied, unless its policy allows
//	 8  an OAuth2 token, and the resource takes none  ErrAccessDenied
//	8a  an OAuth2 token, the method is authenticated  row 9 is skipped
//	 9  the requirement is not met                    ErrMissingScope
//	9a  the method needs another login                ErrInsufficientUserAuthentication
//	10  otherwise                                     the view runs
//
// If the [AccessRules] of a resource have no name, every request that passes row 1
// is denied with ErrPermissionDenied. If they have a Super, its guard must allow the
// request as well. In rows 2 and 5 the session is logged out.
//
// Row 9a counts before the view runs in row 3 too: a login of the server's own has to
// say how and when its user logged in, with [WithLogin]. In row 7 no API token is
// allowed a method that needs a login; see [StepUp].
//
// A method that is public for the resource must be public for its Super as well.
// Scopes and methods are compared byte by byte. No header or form field overrides
// the method.
//
// # Errors
//
// [WriteError] responds to what a guard, the middleware or a view returns, as JSON
// or as a problem details object (RFC 9457). Config.WriteError writes it in another
// form, also for errors of views that are no [*Error], such as that of a store which
// does not find a row. [WriteProblem] is one for RFC 9457 alone.
//
// # Credentials
//
// [Bearer] returns an [Authenticator] of bearer tokens, which a [Verifier]
// verifies. [Session] returns one of login sessions that were opened with a
// token, which a [SessionStore] finds. If a request has an Authorization header,
// its session is ignored. With a session, a request with a method other than GET,
// HEAD and OPTIONS must come from the server's own origin, or from one that
// Config.CrossOrigin trusts. An OAuth2 token has scopes, an API token has a
// [Policy].
//
// A login of the server's own can run before Config.Middleware or after it. It
// calls [WithToken], or [WithUnscopedAccess] for a request that needs no scope. The
// Authorization header can stay in the request, but credentials that an
// Authenticator has rejected stay rejected.
//
// # Catalogue and metadata
//
// [NewCatalog] returns the scopes of an API, with descriptions and methods, from
// the results of the generated functions WebAPIResources. A [Registry] is a
// catalogue that changes while the server runs. [NewMetadata] returns a handler of
// protected resource metadata, to which Config.ResourceMetadata refers clients.
//
// # Monitoring and testing
//
// Config.OnDecision is called with each decision. Config.DangerouslyShadowScopesOf
// allows requests that lack a scope, and reports them, to introduce scopes to an
// API that has clients already. Package webapitest tests guards by a table of
// what they must allow.
//
// All functions and methods of this package are safe for concurrent use.
package webapi

// IsAtLeastVersion1 is a handshake: generated code refers to the constant of the
// version of this package that it needs, so that an older version is a compile
// error and not a guard that decides by other rules. A later version adds a
// constant and keeps this one.
const IsAtLeastVersion1 = true
