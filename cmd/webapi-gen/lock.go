package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

func (a *app) lockCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lock [flags]",
		Short: "Write webapi.lock, the list of who may do what in the module",
		Long: `Lock reads the whole module and writes webapi.lock beside its go.mod: one line
for each resource and method with what it requires, made to be read in reviews.

Once it exists, webapi-gen keeps it current and webapi-gen check checks it.
Commit it; webapi-gen diff explains its changes.

A spec that is not named webapi.yaml must be named with --spec.

Exit status: 0 success, 1 the input is wrong, 2 the command line is wrong.`,
		Args: noArguments,
	}
	a.inputFlags(cmd)
	a.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a.writes = true
		result, err := lockfile.New(cmd.Context(), a.cfg)
		if err != nil {
			return err
		}
		if err := result.Write(); err != nil {
			return err
		}
		file := result.Files[0]
		fmt.Fprintf(a.say(), "webapi-gen: %s %s\n", visible(file.Path), file.Status)
		return nil
	}
	return cmd
}
