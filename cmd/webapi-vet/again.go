package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/analyzer"
	"github.com/webapi-gen/webapi-gen/generator"
)

// again is the environment variable by which this command knows that it runs itself.
const again = "WEBAPI_VET_AGAIN"

// run runs this command again, with other arguments. It returns the exit status: 3 if
// there are findings.
func run(args, env []string, quiet bool) (status int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(exe, args...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(append(os.Environ(), again+"=1"), env...)
	if cmd.Stderr = os.Stderr; !quiet {
		cmd.Stdout = os.Stdout
	}
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// fix applies the fixes, and then reports what is left.
func fix(args []string) (status int, err error) {
	if status, err := run(args, nil, true); err != nil || status != 0 && status != exitFindings {
		return status, err
	}
	return run(without(args, "fix"), nil, false)
}

// exitFindings is the exit status of a run that has found something.
const exitFindings = 3

// writeBaselines writes the baselines of the modules of the packages.
func writeBaselines(args []string) (status int, err error) {
	file, err := os.CreateTemp("", "webapi-vet")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if err := file.Close(); err != nil {
		return 0, err
	}
	if status, err := run(without(args, "baseline"), []string{analyzer.BaselineEnv + "=" + file.Name()}, true); err != nil || status != 0 && status != exitFindings {
		return status, err
	}
	text, err := os.ReadFile(file.Name())
	if err != nil {
		return 0, err
	}
	found := map[string][]string{} // by module
	for line := range strings.Lines(string(text)) {
		root, finding, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		found[root] = append(found[root], finding)
	}
	roots, err := workspace()
	if err != nil {
		return 0, err
	}
	for root := range found {
		roots = append(roots, root)
	}
	slices.Sort(roots)
	for _, root := range slices.Compact(roots) {
		left, err := writeBaseline(root, found[root])
		if err != nil {
			return 0, err
		}
		if left > 0 {
			status = exitFindings
		}
	}
	return status, nil
}

const baselineHead = `# What webapi-vet does not report yet: one finding a line. Lines may go and none may
# come: webapi-vet -baseline removes those that apply no more.
`

// writeBaseline writes the baseline of a module: what was found, or of a file that is
// there already the lines that still apply. It returns the number of findings that this
// leaves.
func writeBaseline(root string, found []string) (left int, err error) {
	name := filepath.Join(root, analyzer.BaselineFile)
	old, err := os.ReadFile(name)
	first := errors.Is(err, os.ErrNotExist)
	if err != nil && !first || first && len(found) == 0 {
		if first {
			err = nil
		}
		return 0, err
	}
	slices.Sort(found)
	lines := found
	if !first {
		lines = nil
		for line := range strings.Lines(string(old)) {
			if i := slices.Index(found, strings.TrimSpace(line)); i >= 0 {
				lines = append(lines, found[i])
				found = slices.Delete(found, i, i+1)
			}
		}
		slices.Sort(lines)
		left = len(found)
	}
	text := baselineHead
	for _, line := range lines {
		text += line + "\n"
	}
	if len(lines) == 0 && left == 0 {
		fmt.Fprintf(os.Stderr, "webapi-vet: %s is no longer needed, and removed\n", name)
		return 0, os.Remove(name)
	}
	file := generator.File{Path: analyzer.BaselineFile, Old: old, Content: []byte(text), Status: generator.Changed}
	if first {
		file.Status = generator.Created
	}
	if err := generator.NewResult(root, []generator.File{file}).Write(); err != nil {
		return 0, err
	}
	fmt.Fprintf(os.Stderr, "webapi-vet: %s has %d findings", name, len(lines))
	if left > 0 {
		fmt.Fprintf(os.Stderr, "; %d are new, which a baseline does not take", left)
	}
	fmt.Fprintln(os.Stderr)
	return left, nil
}
