package mutants

// The files that are changed.
const (
	notesGo      = "notes/notes.go"
	notesGuard   = "notes/note_resource_webapi.go"
	docGo        = "api/doc.go"
	repositoryGo = "api/repository.go"
	reviewGo     = "api/review.go"
	reviewGuard  = "api/review_resource_webapi.go"
	requestGo    = "api/reviewrequest.go"
	auditGo      = "api/audit.go"
	auditGuard   = "api/audit_resource_webapi.go"
	userGo       = "api/user.go"
	routesGo     = "api/routes.go"
	infoGo       = "api/info.go"
	repoGuard    = "api/repository_resource_webapi.go"
)

// declared are mistakes in annotations and in what is generated from them, and in
// the code beside them.
var declared = []mutant{
	// Annotations that are misspelt, or stand in the wrong place.
	{what: "a blank after the slashes", file: notesGo, old: "//webapi:resource", new: "// webapi:resource", regenerate: true},
	{what: "a capital", file: notesGo, old: "//webapi:require", new: "//webapi:Require", regenerate: true},
	{what: "a misspelt key", file: notesGo, old: "methods=GET", new: "method=GET", regenerate: true},
	{what: "a misspelt scope", file: notesGo, old: "DELETE note:destroy", new: "DELETE note:destory", regenerate: true},
	{what: "a misspelt method", file: reviewGo, old: "require POST", new: "require PSOT", regenerate: true},
	{what: "defaults that a blank line detaches", file: docGo, old: "package api", new: "\npackage api", regenerate: true},
	{what: "an annotation that a blank line detaches", file: userGo, old: "type UserResource", new: "\ntype UserResource", regenerate: true},
	{what: "a requirement of an open method", file: repositoryGo, old: "//webapi:require DELETE admin", new: "//webapi:require GET admin", regenerate: true},

	// Annotations that say something else, and nobody generates.
	{what: "a requirement less, not generated", file: notesGo, old: "//webapi:require DELETE note:destroy note:write\n"},
	{what: "a method more, not generated", file: userGo, old: "methods=GET", new: "methods=GET,DELETE"},

	// The same, generated: right to every tool but those that compare.
	{what: "an AND made an OR", file: notesGo, old: "DELETE note:destroy note:write", new: "DELETE note:destroy\n//webapi:require DELETE note:write", regenerate: true},
	{what: "an OR made an AND", file: repositoryGo, old: "repository:destroy\n//webapi:require DELETE admin", new: "repository:destroy admin", regenerate: true},
	{what: "the scope of a neighbour", file: reviewGo, old: "review:write review_request:read", new: "review_request:write", regenerate: true},
	{what: "an action changed", file: requestGo, old: "key=review_request", new: "key=review_request map=PATCH:destroy", regenerate: true},
	{what: "open to everybody", file: requestGo, old: "//webapi:resource", new: "//webapi:resource anonymous=GET", regenerate: true},
	{what: "open to OAuth2", file: auditGo, old: "oauth2=deny ", regenerate: true},
	{what: "open to API tokens", file: userGo, old: "methods=GET", new: "methods=GET apitokens=allow", regenerate: true},
	{what: "a policy ID changed", file: repositoryGo, old: "key=repository", new: "key=repository policy=repo scope=repository", regenerate: true},
	{what: "open to everybody, whatever they send", file: userGo, old: "methods=GET", new: "methods=GET public=GET", regenerate: true},
	{what: "open to any valid token", file: reviewGo, old: "key=review", new: "key=review authenticated=DELETE", regenerate: true},
	{what: "an implication more", file: docGo, old: "review:write review:read", new: "review:write review:read review:destroy", regenerate: true},
	{what: "an alias", file: docGo, old: "//webapi:implies", new: "//webapi:alias reviews review:destroy\n//webapi:implies", regenerate: true},
	{what: "a named operation more", file: userGo, old: "methods=GET", new: "methods=GET,POST/invite", regenerate: true},
	{what: "a method more", file: userGo, old: "methods=GET", new: "methods=GET,PUT", regenerate: true},

	{what: "maxage removed", in: "stepup", file: "nethttp/tags.go", old: " maxage=DELETE:5m", regenerate: true, proof: "DELETE /tags/7 tag:destroy"},
	{what: "maxage raised", in: "stepup", file: "nethttp/tags.go", old: "DELETE:5m", new: "DELETE:5h", regenerate: true},
	{what: "acr removed", in: "stepup", file: "nethttp/tags.go", old: ` acr="GET:gold silver"`, regenerate: true, proof: "GET /tags/7 tag:read"},
	{what: "an acr value more", in: "stepup", file: "nethttp/tags.go", old: "gold silver", new: "gold silver password", regenerate: true},

	// Generated files that are edited or gone.
	{what: "an age of a login edited", in: "stepup", file: "nethttp/tag_guard_webapi.go", old: "5 * time.Minute", new: "5 * time.Hour"},
	{what: "a need of a login left out", in: "stepup", file: "nethttp/tag_guard_webapi.go", old: "\t\tStepUp:    tagGuardStepUp,\n"},
	{what: "a guard that asks nobody", file: notesGuard, old: "return webapi.CallMethodView(x, w, r, method, view)", new: "return view(w, r)", contract: true},
	{what: "a guard with another scope", file: notesGuard, old: "return webapi.Require(NoteScopeWrite), true", new: "return webapi.Require(NoteScopeRead), true", contract: true},
	{what: "a scope constant edited", file: notesGuard, old: `= "note:destroy"`, new: `= "note:read"`, contract: true},
	{what: "an alternative added to a guard", file: notesGuard, old: "webapi.AnyOf(webapi.AllOf(NoteScopeDestroy, NoteScopeWrite))", new: "webapi.AnyOf(webapi.AllOf(NoteScopeDestroy), webapi.AllOf(NoteScopeWrite))", contract: true},
	{what: "a scope granted by another one", file: reviewGuard, old: "GrantedBy(ReviewScopeRead, ReviewScopeWrite", new: "GrantedBy(ReviewScopeRead, ReviewScopeWrite, ReviewScopeDestroy", contract: true},
	{what: "a rule edited", file: auditGuard, old: "OAuth2:    false", new: "OAuth2:    true", contract: true},
	{what: "a method answered by hand", file: repoGuard, old: `case "POST", "PUT":`, new: `case "POST", "PUT", "PATCH":`, contract: true},
	{what: "a guard that is gone", file: notesGuard, broken: true, contract: true},

	// Code that goes around the guards.
	{what: "a route past the guard", file: routesGo, old: "\tmux.HandleFunc(\"GET /api/info\"", new: "\tmux.HandleFunc(\"GET /api/all\", func(w http.ResponseWriter, r *http.Request) { _ = users.list(w, r) })\n\tmux.HandleFunc(\"GET /api/info\""},
	{what: "a guard removed from a route", file: routesGo, old: "webapi.HandleList(audit, webapi.Views{\"GET\": audit.list})", new: "http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = audit.list(w, r) })"},
	{what: "a handler of no resource", file: routesGo, old: "\tmux.HandleFunc(\"GET /api/info\"", new: "\tmux.HandleFunc(\"GET /api/debug\", debug)\n\tmux.HandleFunc(\"GET /api/info\"", more: []edit{{file: "api/debug.go", new: "package api\n\nimport \"net/http\"\n\nfunc debug(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }\n"}}},
	{what: "a public handler without its reason", file: infoGo, old: "//webapi:public reason=\"a client asks this before it has a token, to find out where to get one\"\n"},
	{what: "a view called by another resource", file: auditGo, old: "x.log.entries())\n}", new: "x.log.entries())\n}\n\nfunc shortcut(users *UserResource, w http.ResponseWriter, r *http.Request) error { return users.list(w, r) }"},
	{what: "a scope written out", file: notesGo, old: `"reader": webapi.MakeScopes(NoteScopeRead)`, new: `"reader": webapi.MakeScopes("note:read")`},
	{what: "a scope that nobody declares", file: notesGo, old: `"reader": webapi.MakeScopes(NoteScopeRead)`, new: `"reader": webapi.MakeScopes("note:raed")`},
	{what: "a scope tested by hand", file: auditGo, old: "// AuditLog keeps", new: "func mayRead(t webapi.Token) bool { return strings.Contains(t.Scopes.String(), \"review:read\") }\n\n// AuditLog keeps"},
}
