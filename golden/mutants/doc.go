// Package mutants changes the examples, one change at a time, so that somebody may
// do more than before, and checks that each change is noticed: by webapi-gen, check,
// diff, a line of webapi.lock, or webapi-vet. README.md says by which.
package mutants
