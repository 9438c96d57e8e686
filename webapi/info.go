package webapi

import "slices"

// ResourceInfo describes a resource for people and for tools: documentation, a
// consent page, the scopes that a client is registered with. Generated code
// returns it from WebAPIResources. Nothing is decided by it.
type ResourceInfo struct {
	// Package is the package that declares Type: in generated code its name, which
	// packages of one program can have in common.
	Package string
	// Type is the Go type; "" for the package itself, of which there are Scopes
	// and nothing else.
	Type string
	// Name is the resource's name; ScopeName what its scopes begin with;
	// Policy its ID in the policies of API tokens; Key the name of the path
	// value that identifies an object, "" if none does.
	Name, ScopeName, Policy, Key string
	// Description is one line about the resource.
	Description string
	// OAuth2 and APITokens say which tokens are accepted.
	OAuth2, APITokens bool
	// Methods are the methods that the resource answers.
	Methods []MethodInfo
	// Scopes are the scopes that the resource declares.
	Scopes []ScopeInfo
}

// MethodInfo describes a method of a resource.
type MethodInfo struct {
	// Method is the HTTP method, and Action what it does to the resource,
	// such as "read".
	Method, Action string
	// Anonymous says that the method is open to a request without any
	// credentials.
	Anonymous bool
	// Requires is what an OAuth2 token needs; nil says that none is let through.
	Requires Alternatives
}

// ScopeInfo describes a scope.
type ScopeInfo struct {
	// Scope is the scope.
	Scope Scope
	// Description says for people what the scope grants; "" if nothing is said.
	Description string
}

// CloneResources returns a copy of the infos, which shares no memory with them
// that could be changed.
func CloneResources(infos []ResourceInfo) []ResourceInfo {
	infos = slices.Clone(infos)
	for i := range infos {
		infos[i].Methods = slices.Clone(infos[i].Methods)
		infos[i].Scopes = slices.Clone(infos[i].Scopes)
		for j := range infos[i].Methods {
			infos[i].Methods[j].Requires = infos[i].Methods[j].Requires.clone()
		}
	}
	return infos
}
