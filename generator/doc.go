// Package generator turns annotated Go packages and YAML specs into guards.
//
// [Generate] does all the work in memory and returns the files as they should
// be; nothing on disk changes until [Result.Write] is called. If anything is
// wrong with the input, Generate returns every diagnostic of the run as a
// [diag.List] and no files.
package generator
