// Package oapi is what oapi-codegen writes for an API of one operation.
package oapi

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
