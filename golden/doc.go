// Package golden holds what the tool must do, one case a file: cases/NAME.txtar.
//
// A case begins with a sentence on what it shows and has these files:
//
//	in/NAME          an input file
//	annotated/NAME   an input file of the case in annotations, and
//	spec/NAME        of the same case in a YAML spec: both must give the same bytes
//	want/NAME        an output file, as it must be after the run
//	removed          the outputs of an earlier run that must go, one a line
//	errors           what the run must report; then nothing may be written
//	fixes            what of that is mended, by the text before; then
//	fixed/NAME       an input file as it must be after that, and
//	left             what must be reported all the same, by the text after
//	stale            what a check must report before the run, where outputs were there
//	lint             what the run must warn of
//
// A file named NAME.quoted has lines with the escapes of a Go string, for bytes
// that a text file cannot show. A line "patterns: ..." before the first file
// gives the patterns of the run; they are "." by default. A line "tests: wanted"
// or "tests: dropped" says what becomes of contract tests. The inputs are in the
// root of a module, golden/CASE/in for those of in/.
//
// To add a case, write its inputs and run
//
//	go test ./golden -update
//
// then read the outputs as if you had to approve them. All outputs of all cases
// are compiled and vetted, contract tests are run, and every diagnostic of the tool must be in a case.
package golden
