// Package unrelated has nothing to do with webapi.
package unrelated

import "strings"

type Claims struct{ Scope string }

func test(c Claims) bool { return strings.Contains(c.Scope, "note:read") }
