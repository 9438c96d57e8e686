package main

// Who may call what: for people, for clients, and for docs/openapi.yaml, whose operations say
// nothing about scopes.
//
//go:generate go tool webapi-gen export -o docs/api.md
//go:generate go tool webapi-gen export -o docs/scopes.ts
//go:generate go tool webapi-gen export -o docs/security.yaml --document docs/openapi.yaml --update-scopes
