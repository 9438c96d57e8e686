// Package checks has benchmarks of what the peers have in place of a guard: the
// check that a request's token has the scope that an operation needs. Each is
// given a token that was read before, as webapi-gen's guard is; the benchmarks of
// that are in package webapi.
package checks
