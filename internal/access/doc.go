// Package access is the algebra of requirements: what a token must hold to get
// past one guard or several.
//
// It knows scopes as opaque strings, which compare byte by byte, as the runtime
// compares them.
package access
