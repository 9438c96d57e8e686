// Package routers has a test that compares the routes which webapi-gen reads with those
// that routers serve: net/http, chi, gin and echo, for random tables of routes.
package routers
