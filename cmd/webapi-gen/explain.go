package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [WORD]",
		Short: "Explain a code, a directive or a key, with examples",
		Long: `Explain says what a word of the language means: the code of a message, a
directive, or a key; of an HTTP method, which action it has. Without a word it
lists all of them.

Exit status: 0 done, 2 there is no such word or the call is wrong.`,
		Example: `  # The code at the end of a message:
  webapi-gen explain WA012

  # A directive, and a key:
  webapi-gen explain require
  webapi-gen explain methods

  # All there is:
  webapi-gen explain`,
		DisableFlagsInUseLine: true,

		Args: func(cmd *cobra.Command, words []string) error {
			if err := cobra.MaximumNArgs(1)(cmd, words); err != nil {
				return wrongCall(cmd, err)
			}
			return nil
		},
		ValidArgsFunction: completeWords,
		RunE: func(_ *cobra.Command, words []string) error {
			if len(words) == 0 {
				fmt.Fprint(a.stdout, overview())
				return nil
			}
			text, err := explain(words[0])
			fmt.Fprint(a.stdout, text)
			return err
		},
	}
}

// completeWords completes the argument of explain.
func completeWords(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	seen := map[string]bool{}
	for _, c := range chapters() {
		for _, t := range c.topics {
			if len(args) == 0 && !seen[t.word] {
				list = append(list, cobra.CompletionWithDesc(t.word, t.gist))
			}
			seen[t.word] = true
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
