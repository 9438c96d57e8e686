// Package example holds programs that are guarded by webapi-gen.
//
// Notes is the smallest one that is whole. Reviewboard has the API of Review
// Board, 71 resources, in one YAML spec.
package example
