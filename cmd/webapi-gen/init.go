package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/scaffold"
)

func (a *app) initCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init [flags] [folder]",
		Short: "Set up a package: its go:generate line, tool line and first annotations",
		Long: `Init sets up the package in a folder, by default the current one. It puts the
go:generate line into a file of the package and the tool line into the go.mod,
unless the go.mod in the folder tools beside it has one.

It then proposes resources. The routes that the package registers and that have no
guard are grouped by their paths: /notes and /notes/{id} are one resource, note.
--yaml writes a webapi.yaml with these resources, for each of which a type such as
noteGuard is to be declared, and prints the lines that mount the guards. What the
source does not say is a comment that begins with "# ?": init guesses no scope.
Words such as notes:read that the server names in a wrapper around a handler are
proposed in comments. The go command loads the packages of the module for this; if
they do not compile, routes may be missing.

Besides, the types that look like resources are proposed, because they have
methods such as Get, List, Post, Create, Put, Update, Patch, Delete, one of these
before a noun as in GetOrder, or ServeHTTP, that take an http.ResponseWriter and
an *http.Request. A type whose methods serve several groups of routes is none.

Init only adds lines, and leaves what is there already, so that it can be run
again. It prints the commands to run next.

Exit status: 0 success, 1 the package has an error, 2 the command line is wrong.`,
		Example: `  # What would be written:
  webapi-gen init --diff --annotate ./api

  # The lines, and an annotation for each type that looks like a resource:
  webapi-gen init --annotate ./api

  # A webapi.yaml instead of annotations, with resources for the routes as well:
  webapi-gen init --yaml ./api`,
		Args: oneFolder,
	}
	opts := scaffold.Options{Version: moduleVersion(), Routes: true}
	cmd.Flags().StringVarP(&a.cfg.Dir, "dir", "C", "", "change to this `folder` first")
	cmd.Flags().BoolVar(&opts.Annotate, "annotate", false, "annotate the types that look like resources")
	cmd.Flags().BoolVar(&opts.YAML, "yaml", false, "write a webapi.yaml for them and for routes")
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
	routesOf(out, plan)
	if len(plan.Changes) == 0 {
		fmt.Fprintf(out, "\nwebapi-gen: package %s has all that init writes; nothing was written\n", plan.Package)
	}
	fmt.Fprintln(out, "\nNext:")
	for _, command := range plan.Next {
		fmt.Fprintf(out, "    %s\n", visible(command))
	}
	mounts(out, plan)
	fmt.Fprint(out, "\nA guard protects only the routes that are mounted with it:\n"+
		"    go doc github.com/webapi-gen/webapi-gen/webapi.Guard\n    go doc github.com/webapi-gen/webapi-gen/webapi.Handle\n")
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
	case len(plan.Found.Groups) > 0 && len(list) == 0:
	case plan.Resources+len(plan.Proposals) == 0 && plan.Spec != "":
		fmt.Fprintf(out, "\nNo type looks like a resource. Write the first into %s: an example stands\nat its end.\n", visible(plan.Spec))
	case plan.Resources+len(plan.Proposals) == 0:
		fmt.Fprint(out, "\nNo type looks like a resource: none has a method such as Get or GetOrder that\n"+
			"takes an http.ResponseWriter and an *http.Request. To make one a resource, put\n"+
			"the line //webapi:resource at the end of its doc comment, or start a spec with\n--yaml.\n")
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

// routesOf prints the routes that have no guard, by the resources that are proposed for
// them, unless these are written.
func routesOf(out io.Writer, plan *scaffold.Plan) {
	found := plan.Found
	if len(found.Groups) > 0 && plan.Spec == "" {
		title := "With --yaml, init starts a spec with these resources"
		if plan.HasSpec {
			title = "Their paths suggest these resources"
		}
		fmt.Fprintf(out, "\nThere are routes without a guard. %s:\n\n", title)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for _, g := range found.Groups {
			methods := "any method"
			if g.Methods != nil {
				methods = strings.Join(g.Methods, ",")
			}
			fmt.Fprintf(w, "    %s\t%s\t%s\n", g.Name, methods, count(len(g.Routes), "route"))
		}
		w.Flush()
	}
	if len(found.Left) > 0 {
		fmt.Fprint(out, "\nNo resource is proposed for these, which are left to you:\n\n")
		for _, left := range found.Left {
			fmt.Fprintf(out, "    %s\n", diag.Visible(left))
		}
	}
	if len(found.Groups) == 0 && len(found.Others) > 0 {
		fmt.Fprint(out, "\nRoutes without a guard are registered in other packages; run init for one of them:\n\n")
		for _, folder := range found.Others {
			fmt.Fprintf(out, "    %s\n", visible(folder))
		}
	}
	if found.Problem != "" {
		fmt.Fprintf(out, "\nRoutes may be missing, since the packages of the module cannot be loaded as they are:\n    %s\n", diag.Visible(found.Problem))
	}
}

// mounts prints the lines that mount the guards of the resources that are written for
// routes.
func mounts(out io.Writer, plan *scaffold.Plan) {
	if plan.Spec == "" || len(plan.Found.Groups) == 0 {
		return
	}
	fmt.Fprint(out, "\nThen mount each guard, in the lines of its routes:\n")
	for _, g := range plan.Found.Groups {
		fmt.Fprintf(out, "\n    %s := new(%s)\n", g.Variable(), g.Type)
		for _, m := range g.Mounts() {
			fmt.Fprintf(out, "    %s // %s\n", visible(m.Line), count(m.Routes, "route"))
		}
	}
}
