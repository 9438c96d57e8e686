// Package generator turns annotated Go packages and YAML specs into guards. It is the
// pipeline of the command webapi-gen, for build tools that run it themselves.
//
// [Generate] works in memory and returns the files to create, replace and remove. Only
// [Result.Write] changes the disk; [Result.Stale] reports what it would do. [Packages]
// returns the resolved packages without any files.
//
// # Errors
//
// If the input is wrong, Generate returns every diagnostic of the run as a [diag.List],
// sorted, and no files. A diagnostic has a position, a message and a code, whose meaning
// never changes. A [*UsageError] means that the Config makes no sense. Other errors are
// those of the file system and of the context.
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
// Goroutines may call Generate and Packages at the same time, also for the same folders.
// Both use all processors, and return the error of their context soon after it ends. The
// results of several calls may be written at the same time: Write locks the modules that
// it writes to against other goroutines and processes, and holds no lock before and after.
// It takes no context, since it only writes files, and leaves all of them old or all of
// them new unless the disk fails.
//
// # Stability
//
// The exported API follows semantic versioning. The bytes of the outputs depend on the
// input and on the version of webapi-gen alone; a new version may write other bytes for
// the same input.
package generator
