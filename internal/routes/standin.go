package routes

import (
	"go/ast"
	"go/parser"
)

// standIns are what must be known of two packages that are not loaded: constants
// that patterns and views are written with, and the functions that are looked for.
var standIns = map[string]string{
	"net/http": `package http

const (
	MethodGet     = "GET"
	MethodHead    = "HEAD"
	MethodPost    = "POST"
	MethodPut     = "PUT"
	MethodPatch   = "PATCH"
	MethodDelete  = "DELETE"
	MethodConnect = "CONNECT"
	MethodTrace   = "TRACE"
	MethodOptions = "OPTIONS"
)

type ServeMux struct{}

func NewServeMux() *ServeMux

var DefaultServeMux *ServeMux`,
	runtimePath: `package webapi

type Views map[string]any

func Handle(res any, views Views) any
func HandleList(res any, views Views) any`,
}

// standIn lets imports of a package get what the source declares.
func (l *Loader) standIn(path, source string) {
	file, err := parser.ParseFile(l.fset, path, source, parser.SkipObjectResolution)
	if err != nil {
		return // a test holds that there is none
	}
	l.packages[path] = l.check(path, []*ast.File{file})
}
