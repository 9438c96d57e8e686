package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/generator"
)

// runModules runs the command on the packages of each module below a pattern that ends
// in "...", which for the go command ends at the border of a module. It returns the exit
// status, and false if there is no such module and nothing was run.
func runModules(args []string) (code int, ok bool) {
	at := slices.IndexFunc(args, func(arg string) bool { return !strings.HasPrefix(arg, "-") && strings.HasSuffix(arg, "...") })
	if at < 0 {
		return 0, false
	}
	self, err := os.Executable()
	if err != nil {
		return failed(err), true
	}
	flags := args[:at:at] // with their values, and patterns before the first one with "..."
	below := 0
	var runs []*exec.Cmd
	for _, pattern := range args[at:] {
		top, all := strings.CutSuffix(filepath.ToSlash(pattern), "...")
		info, err := os.Stat(filepath.Clean(top))
		if !all || err != nil || !info.IsDir() { // a package, or a pattern of import paths
			runs = append(runs, command(self, "", append(flags, pattern)...))
			continue
		}
		modules, err := generator.Modules(context.Background(), filepath.Clean(top))
		if err != nil {
			return failed(err), true
		}
		below += len(modules) - 1
		for _, module := range modules {
			dir := filepath.Join(top, filepath.FromSlash(module))
			packages, env, err := packagesIn(dir)
			switch {
			case err != nil:
				return failed(err), true
			case len(packages) > 0:
				cmd := command(self, dir, append(flags, packages...)...)
				cmd.Env = env
				runs = append(runs, cmd)
			}
		}
	}
	if below == 0 || len(runs) == 0 { // multichecker says so if nothing matches
		return 0, false
	}
	for _, cmd := range runs {
		err := cmd.Run()
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			code = max(code, exit.ExitCode(), 1)
		} else if err != nil {
			return failed(err), true
		}
	}
	return code, true
}

func failed(err error) int {
	fmt.Fprintf(os.Stderr, "webapi-vet: %v\n", err)
	return 1
}

func command(name, dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stdout, os.Stderr
	return cmd
}

// packagesIn returns the packages of the module in a folder, and the environment in which
// the go command loads them: a module that the go.work does not use is loaded without it.
func packagesIn(dir string) (packages, env []string, err error) {
	for _, env := range [][]string{os.Environ(), append(os.Environ(), "GOWORK=off")} {
		var out, message bytes.Buffer
		cmd := command("go", dir, "list", "./...")
		cmd.Env, cmd.Stdout, cmd.Stderr = env, &out, &message
		if err = cmd.Run(); err == nil {
			return strings.Fields(out.String()), env, nil
		}
		err = fmt.Errorf("go list ./... in %s: %w\n%s", filepath.ToSlash(dir), err, bytes.TrimSpace(message.Bytes()))
	}
	return nil, nil, err
}
