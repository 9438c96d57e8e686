package mutants

// routes are changes of the code that mounts resources, and of what surrounds it.
var routes []mutant

// unnoticed are the mutants that nothing notices yet. The list must only shrink.
var unnoticed []string
