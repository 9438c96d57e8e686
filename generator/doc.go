// Package generator turns annotated Go packages and YAML specs into guards. It
// is what the command webapi-gen runs, for build tools that want to run it
// themselves.
//
// [Generate] does all the work in memory and returns what is to become of the
// files, with the contents of those that are to be written; nothing on disk changes
// until [Result.Write] is called, and nothing at all for who calls [Result.Stale]
// instead. [Packages] returns what is meant by the annotations, without the files.
//
// # Errors
//
// If anything is wrong with the input, Generate returns every diagnostic of the
// run as a [diag.List], sorted, and no files. A diagnostic has the place, a
// message for people and a code, which keeps its meaning for good. A
// [*UsageError] says that the Config makes no sense. Other errors are those of
// the file system and of the context.
//
//	result, err := generator.Generate(ctx, cfg)
//	var wrong diag.List
//	if errors.As(err, &wrong) {
//		for _, d := range wrong {
//			fmt.Println(d.Pos, d.Message, d.Code)
//		}
//	}
//
// # Concurrency
//
// The package has no state, so that any number of goroutines may call Generate
// and Packages, also for the same folders. Both use all processors, and return
// the error of their context soon after it ends. The results of different calls
// may be written at the same time: Write locks the modules that it writes to
// against other processes and goroutines alike, and holds no lock before and
// after. It does not end with a context, for it takes no longer than to write
// the files, and leaves all of them old or all of them new unless the disk fails.
//
// # Stability
//
// What is exported here follows semantic versions. The bytes of the outputs
// depend on the input and on the version of webapi-gen, and on nothing else; a
// new version may write other bytes for the same input.
package generator
