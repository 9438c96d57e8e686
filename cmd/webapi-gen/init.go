package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/scaffold"
)

func (a *app) initCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init [flags] [folder]",
		Short: "Set up a package: its go:generate line, tool line and first annotations",
		Long: `Init sets up the package in a folder, by default the current one. It puts the
go:generate line into a file of the package and the tool line into the go.mod,
unless the go.mod in the folder tools beside it has one, and lists the types that
look like resources, because they have methods such as Get, List, Post, Create,
Put, Update, Patch, Delete, one of these before a noun as in GetOrder, or
ServeHTTP, that take an http.ResponseWriter and an *http.Request. The source need
not compile.

It only adds lines, and leaves what is there already, so that it can be run again.
It runs no command and does not use the network: it prints the commands to run
next.

Exit status: 0 success, 1 the package has an error, 2 the command line is wrong.`,
		Example: `  # What would be written:
  webapi-gen init --diff --annotate ./api

  # The lines, and an annotation for each type that looks like a resource:
  webapi-gen init --annotate ./api

  # The same with a webapi.yaml instead of annotations:
  webapi-gen init --yaml ./api`,
		Args: oneFolder,
	}
	opts := scaffold.Options{Version: moduleVersion()}
	cmd.Flags().StringVarP(&a.cfg.Dir, "dir", "C", "", "change to this `folder` first")
	cmd.Flags().BoolVar(&opts.Annotate, "annotate", false, "annotate the types that look like resources")
	cmd.Flags().BoolVar(&opts.YAML, "yaml", false, "write a webapi.yaml for them")
	onlyDiff := cmd.Flags().Bool("diff", false, "print what would be written as a unified diff, and write nothing")
	cmd.RunE = func(cmd *cobra.Command, folders []string) error {
		if opts.Annotate && opts.YAML {
			return wrongCall(cmd, fmt.Errorf("--annotate and --yaml are two ways to write the same; give one of them"))
		}
		opts.Dir = a.cfg.Dir
		if len(folders) > 0 {
			opts.Folder = folders[0]
		}
		return a.initialize(cmd, opts, *onlyDiff)
	}
	return cmd
}

func oneFolder(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return wrongCall(cmd, fmt.Errorf("init takes one folder, got %s", visible(strings.Join(args, " "))))
	}
	return nil
}

func (a *app) initialize(cmd *cobra.Command, opts scaffold.Options, onlyDiff bool) error {
	a.writes = !onlyDiff
	plan, err := scaffold.Make(cmd.Context(), opts)
	if err != nil {
		return err
	}
	if onlyDiff {
		for _, c := range plan.Changes {
			if _, err := io.WriteString(a.stdout, unified(c.File)); err != nil {
				return err
			}
		}
		fmt.Fprintf(a.stderr, "webapi-gen: init would write %s; nothing was written\n", count(len(plan.Changes), "file"))
		return nil
	}
	if err := plan.Result().Write(); err != nil {
		return err
	}
	out := a.say()
	for _, c := range plan.Changes {
		fmt.Fprintf(out, "%-9s %s: %s\n", c.Status, visible(c.Path), c.What)
	}
	for _, k := range plan.Kept {
		if !slices.ContainsFunc(plan.Changes, func(c scaffold.Change) bool { return c.Path == k.Path }) {
			fmt.Fprintf(out, "%-9s %s: %s\n", generator.Unchanged, visible(k.Path), k.Why)
		}
	}
	proposals(out, plan)
	if len(plan.Changes) == 0 {
		fmt.Fprintf(out, "\nwebapi-gen: package %s has all that init writes; nothing was written\n", plan.Package)
	}
	fmt.Fprintln(out, "\nNext:")
	for _, command := range plan.Next {
		fmt.Fprintf(out, "    %s\n", visible(command))
	}
	fmt.Fprint(out, "\nA guard protects what is mounted through it, and nothing else:\n    go doc github.com/webapi-gen/webapi-gen/webapi.Handle\n")
	return nil
}

// proposals prints which types look like resources, apart from those that were
// written.
func proposals(out io.Writer, plan *scaffold.Plan) {
	var list []scaffold.Proposal
	for _, p := range plan.Proposals {
		if !p.Complete() || !plan.Annotates {
			list = append(list, p)
		}
	}
	switch {
	case plan.Resources+len(plan.Proposals) == 0 && plan.Spec != "":
		fmt.Fprintf(out, "\nNo type looks like a resource. Write the first into %s: an example stands\nat its end.\n", visible(plan.Spec))
	case plan.Resources+len(plan.Proposals) == 0:
		fmt.Fprint(out, "\nNo type looks like a resource: none has a method such as Get or GetOrder that\n"+
			"takes an http.ResponseWriter and an *http.Request. To make one a resource, put\n"+
			"the line //webapi:resource at the end of its doc comment, or begin a spec with\n--yaml.\n")
	case len(list) == 0:
	case plan.Annotates:
		fmt.Fprint(out, "\nThese types look like resources as well, and were left to you:\n")
	default:
		fmt.Fprint(out, "\nThese types look like resources. To make one a resource, put the line at the end\nof its doc comment:\n")
	}
	for _, p := range list {
		fmt.Fprintf(out, "\n%s:%d: type %s %s\n", visible(p.Pos.Filename), p.Pos.Line, p.Type, p.Evidence())
		switch {
		case p.Problem != "":
			fmt.Fprintf(out, "    but as it stands: %s\n", p.Problem)
		case p.Methods == nil:
			fmt.Fprintf(out, "    %s %s=...\n    with the methods that it answers, such as GET,POST: they cannot be seen here\n",
				p.Directive(), annotations.KeyMethods)
		default:
			fmt.Fprintf(out, "    %s\n", p.Directive())
		}
	}
}
