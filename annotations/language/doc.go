// Package language is the registry of the annotation language: its directives,
// their keys, the HTTP methods it knows and the codes of all diagnostics.
//
// Everything that reads, documents or completes the language takes it from
// here, so that a key is spelt, typed and explained in one place.
package language
