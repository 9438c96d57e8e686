package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"
)

// importer is the command that webapi-gen import runs. It is in a module of its own, since
// a reader of OpenAPI has more requirements than the rest of the tool.
const importer = "webapi-import"

const importLong = `Import writes a spec, a webapi.yaml, from a description of an API: OpenAPI 2.0, 3.0,
3.1 or 3.2, or a file of Google's discovery service.

It runs the command webapi-import, which is beside webapi-gen or in a folder of PATH.
Install it with

  go install github.com/webapi-gen/webapi-gen/cmd/webapi-import@latest

All arguments are passed on, and its exit status is that of import. Run webapi-gen import
--help, once it is installed, for the flags.`

func (a *app) importCommand() *cobra.Command {
	return &cobra.Command{
		Use:                "import [flags] FILE",
		Short:              "Write a spec from OpenAPI or a Google discovery file",
		Long:               importLong,
		DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := findImporter()
			switch {
			case err != nil && len(args) == 1 && (args[0] == "--help" || args[0] == "-h"):
				return cmd.Help()
			case err != nil:
				return err
			}
			run := exec.CommandContext(cmd.Context(), path, args...)
			run.Stdin, run.Stdout, run.Stderr = cmd.InOrStdin(), a.stdout, a.stderr
			var exit *exec.ExitError
			switch err := run.Run(); {
			case errors.As(err, &exit) && exit.ExitCode() == exitWrongCall:
				return errWrongCall
			case errors.As(err, &exit):
				return errReported
			default:
				return err
			}
		},
	}
}

// findImporter returns the path of the importer: beside the running command, else in a
// folder of PATH.
func findImporter() (string, error) {
	name := importer
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), name)
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
			return beside, nil
		}
	}
	path, err := exec.LookPath(importer)
	if err != nil {
		return "", fmt.Errorf("import runs the command %s, which is neither beside webapi-gen nor in PATH; install it with\n"+
			"  go install github.com/webapi-gen/webapi-gen/cmd/%[1]s@latest\n"+
			"or, where the tools are in tools/go.mod, add it there with\n"+
			"  go get -modfile=tools/go.mod -tool github.com/webapi-gen/webapi-gen/cmd/%[1]s@latest\n"+
			"and run it with\n"+
			"  go tool -modfile=tools/go.mod %[1]s", importer)
	}
	return path, nil
}
