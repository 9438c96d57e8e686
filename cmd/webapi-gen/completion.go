package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/git"
	"github.com/webapi-gen/webapi-gen/internal/report"
)

// completeFlags has the shell complete what the flags of a command take. A
// command has some of them.
func completeFlags(cmd *cobra.Command) {
	for name, complete := range map[string]cobra.CompletionFunc{
		"dir":     folders,
		"out":     folders,
		"spec":    extensions("yaml", "yml"),
		"format":  words(report.Formats()),
		"fail-on": list(labels()),
		"against": revisions,
		"lint":    list(lintWords()),
	} {
		if _, have := cmd.GetFlagCompletionFunc(name); cmd.Flags().Lookup(name) != nil && !have {
			_ = cmd.RegisterFlagCompletionFunc(name, complete) // it fails for a flag that is not there
		}
	}
	for _, sub := range cmd.Commands() {
		completeFlags(sub)
	}
}

// strictHelpers makes a wrong call of the commands that cobra adds an error, as
// it is for all others. By themselves they print their help and exit with 0.
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
				about, rest, err := root.Find(args)
				if err != nil || len(rest) > 0 {
					return wrongCall(cmd, fmt.Errorf("no such command: %s", strings.Join(args, " ")))
				}
				return about.Help()
			}
		}
	}
}

// folders completes the name of a folder.
func folders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// extensions completes names of files with an extension, and of folders.
func extensions(list ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return list, cobra.ShellCompDirectiveFilterFileExt
	}
}

// commandsOrFiles completes Go files where no command of the root fits. The
// commands that do are added by cobra, and a shell would take them for
// extensions if those were wanted too.
func commandsOrFiles(root *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	fits := func(cmd *cobra.Command) bool { return cmd.IsAvailableCommand() && strings.HasPrefix(cmd.Name(), typed) }
	if len(args) == 0 && root.Flags().NFlag() == 0 && slices.ContainsFunc(root.Commands(), fits) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return extensions("go")(root, args, typed)
}

// words completes one of some words.
func words(list []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)
}

// list completes the last of some words with commas between them.
func list(all []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		var found []cobra.Completion
		for _, word := range all {
			found = append(found, before+word)
		}
		return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

func labels() []string {
	var list []string
	for _, l := range change.Labels() {
		list = append(list, string(l))
	}
	return list
}

// revisions completes the branches and tags of the repository in the folder. The
// shell completes files where none fits.
func revisions(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	dir := cmd.Flags().Lookup("dir").Value.String()
	repo, err := git.Open(cmd.Context(), dir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var found []cobra.Completion
	for _, name := range repo.Names(cmd.Context()) {
		if strings.HasPrefix(name, typed) {
			found = append(found, name)
		}
	}
	return found, cobra.ShellCompDirectiveDefault
}

// completeCall completes METHOD[,METHOD]:RESOURCE from the packages that a.cfg
// names. What is wrong with them is not for a completion to say.
func (a *app) completeCall(cmd *cobra.Command, word string) ([]string, cobra.ShellCompDirective) {
	methods, _, ofResource := strings.Cut(word, ":")
	if !ofResource {
		before := word[:strings.LastIndexByte(word, ',')+1]
		var words []string
		for _, m := range annotations.Methods() {
			if !slices.Contains(strings.Split(before, ","), m) {
				words = append(words, before+m+":")
			}
		}
		return beginning(words, word), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
	c, err := a.catalogue(cmd.Context())
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
	return beginning(words, word), cobra.ShellCompDirectiveNoFileComp
}

// answers reports whether the resource answers all the methods.
func (r resource) answers(methods []string) bool {
	return !slices.ContainsFunc(methods, func(m string) bool {
		_, ok := r.Method(m)
		return !ok && m != every
	})
}

// completeWords completes the last word of a list with commas from all words
// that the catalogue has. Before that it calls read with the arguments, to set
// what the catalogue is read from.
func (a *app) completeWords(read func(args []string), all func(catalogue) []string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		read(args)
		c, err := a.catalogue(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		before := word[:strings.LastIndexByte(word, ',')+1]
		var words []string
		for _, w := range all(c) {
			words = append(words, before+w)
		}
		return beginning(words, word), cobra.ShellCompDirectiveNoFileComp
	}
}

// beginning returns the words that begin with what is there.
func beginning(words []string, with string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, with) })
}
