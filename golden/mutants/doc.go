// Package mutants makes mistakes in the examples, one at a time, and sees that
// each is noticed: by the generator, by check, by diff, by webapi-vet or by a
// contract test. README.md says by which.
package mutants
