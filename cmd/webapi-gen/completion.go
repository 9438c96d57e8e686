package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/git"
	"github.com/webapi-gen/webapi-gen/internal/report"
)

// completeFlags registers the completions of the flags that a command and its
// subcommands have.
func completeFlags(cmd *cobra.Command) {
	for name, complete := range map[string]cobra.CompletionFunc{
		"dir":     folders,
		"out":     folders,
		"spec":    extensions("yaml", "yml"),
		"format":  words(report.Formats()),
		"fail-on": list(append([]string{change.Access}, change.Labels()...)),
		"against": revisions,
		"lint":    list(lintWords()),
	} {
		if _, have := cmd.GetFlagCompletionFunc(name); cmd.Flags().Lookup(name) != nil && !have {
			_ = cmd.RegisterFlagCompletionFunc(name, complete) // fails for an unknown flag only
		}
	}
	for _, sub := range cmd.Commands() {
		completeFlags(sub)
	}
}

// strictHelpers makes wrong arguments of the commands that cobra adds an error, as
// for all others. By default they print their help and exit with 0.
func strictHelpers(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			cmd.Args = cobra.ArbitraryArgs
			for _, shell := range cmd.Commands() {
				shell.Args = noArguments
			}
			cmd.RunE = func(cmd *cobra.Command, _ []string) error {
				return wrongCall(cmd, errors.New("completion needs the name of a shell: bash, zsh, fish or powershell"))
			}
		case "help":
			cmd.RunE = func(cmd *cobra.Command, args []string) error {
				command, rest, err := root.Find(args)
				if err != nil || len(rest) > 0 {
					return wrongCall(cmd, fmt.Errorf("no such command: %s", strings.Join(args, " ")))
				}
				return command.Help()
			}
		}
	}
}

func folders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// extensions completes the names of files with one of the extensions, and of
// folders.
func extensions(list ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return list, cobra.ShellCompDirectiveFilterFileExt
	}
}

// commandsOrFiles completes Go files if no command of the root fits. Cobra adds the
// commands that do, and a shell would take them for extensions.
func commandsOrFiles(root *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	fits := func(cmd *cobra.Command) bool { return cmd.IsAvailableCommand() && strings.HasPrefix(cmd.Name(), typed) }
	if len(args) == 0 && root.Flags().NFlag() == 0 && slices.ContainsFunc(root.Commands(), fits) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return extensions("go")(root, args, typed)
}

// words completes one of the words.
func words(list []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)
}

// list completes the last of a comma-separated list of words.
func list(words []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return afterComma(typed, words), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// afterComma returns the words, each after the words that a comma-separated list has
// before its last comma.
func afterComma(typed string, words []string) []cobra.Completion {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	list := make([]cobra.Completion, len(words))
	for i, word := range words {
		list[i] = before + word
	}
	return list
}

// revisions completes the branches and tags of the repository in the folder. The
// shell completes files if none fits.
func revisions(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	dir := cmd.Flags().Lookup("dir").Value.String()
	repo, err := git.Open(cmd.Context(), dir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return withPrefix(repo.Names(cmd.Context()), typed), cobra.ShellCompDirectiveDefault
}

// completeCall completes OPERATION[,OPERATION]:RESOURCE from the packages that a.cfg
// names. If they have errors, it completes methods alone.
func (a *app) completeCall(cmd *cobra.Command, word string) ([]string, cobra.ShellCompDirective) {
	methods, _, ofResource := strings.Cut(word, ":")
	c, err := a.catalogue(cmd.Context())
	if !ofResource {
		typed := strings.Split(word, ",")
		var words []string
		for _, m := range c.operations() {
			if !slices.Contains(typed[:len(typed)-1], m) {
				words = append(words, m+":")
			}
		}
		return withPrefix(afterComma(word, words), word), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var words []string
	short := c.short(c)
	for i, r := range c {
		if r.answers(strings.Split(methods, ",")) {
			words = append(words, methods+":"+short[i])
		}
	}
	return withPrefix(words, word), cobra.ShellCompDirectiveNoFileComp
}

func (r resource) answers(methods []string) bool {
	return !slices.ContainsFunc(methods, func(m string) bool {
		_, ok := r.Method(m)
		return !ok && m != wildcard
	})
}

// completeWords completes the last word of a comma-separated list from words of the
// catalogue. First it calls configure with the arguments, which sets the packages of
// the catalogue.
func (a *app) completeWords(configure func(args []string), words func(catalogue) []string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		configure(args)
		c, err := a.catalogue(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return withPrefix(afterComma(word, words(c)), word), cobra.ShellCompDirectiveNoFileComp
	}
}

// withPrefix returns the words that have the prefix. It changes words.
func withPrefix(words []string, prefix string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, prefix) })
}
