package main

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"

	"github.com/spf13/cobra"
)

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
