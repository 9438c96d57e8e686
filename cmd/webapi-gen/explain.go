package main

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [WORD]",
		Short: "Explain a code, a directive or a key, with examples",
		Long: `Explain explains a word of the language: the code of a message, a directive, a
key, an HTTP method and its action, or a named operation such as POST/archive.
Without a word it lists all of them.

Exit status: 0 success, 2 there is no such word or the command line is wrong.`,
		Example: `  # The code at the end of a message:
  webapi-gen explain WA012

  # A directive, and a key:
  webapi-gen explain require
  webapi-gen explain methods

  # A named operation:
  webapi-gen explain POST/archive

  # The list of all words:
  webapi-gen explain`,
		DisableFlagsInUseLine: true,

		Args: func(cmd *cobra.Command, words []string) error {
			if err := cobra.MaximumNArgs(1)(cmd, words); err != nil {
				return wrongCall(cmd, err)
			}
			return nil
		},
		ValidArgsFunction: completeTopics,
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

func completeTopics(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	seen := map[string]bool{}
	for _, group := range topicGroups() {
		for _, t := range group.topics {
			if len(args) == 0 && !seen[t.word] {
				list = append(list, cobra.CompletionWithDesc(t.word, t.summary))
			}
			seen[t.word] = true
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// A helpTopic is a word that can be explained.
type helpTopic struct {
	word     string
	mark     string // follows the word in the overview
	summary  string
	title    string // the first line of the explanation
	sections func() []section
}

// A topicGroup has the topics of a kind. A word can be a topic of several groups.
type topicGroup struct {
	intro  string
	prefix string // may stand before the words of this group
	topics []helpTopic
}

func topicGroups() []topicGroup {
	return []topicGroup{
		{
			intro:  "Directives are comments, //webapi:NAME with arguments:",
			prefix: "webapi:",
			topics: directiveTopics(),
		},
		{
			intro:  "Keys are settings of a resource, written key=value in a directive. Those marked * can also stand in //webapi:defaults; reason is the one of //webapi:public:",
			topics: keyTopics(),
		},
		{
			intro:  "Operations stand in keys and in //webapi:require, METHOD or METHOD/name, as in POST/archive:",
			topics: []helpTopic{operationTopic()},
		},
		{
			intro:  "Entries stand in a spec, those marked + in each of its resources, beside the keys:",
			topics: entryTopics(),
		},
		{
			intro:  "Codes stand at the end of messages, as in [WA012]:",
			topics: codeTopics(),
		},
	}
}

func directiveTopics() []helpTopic {
	var list []helpTopic
	for _, d := range annotations.Directives() {
		list = append(list, helpTopic{
			word: d.Name, summary: summarize(d.Doc), title: synopsis(d),
			sections: func() []section { return aboutDirective(d) },
		})
	}
	return list
}

func keyTopics() []helpTopic {
	var list []helpTopic
	seen := map[string]bool{}
	for _, d := range annotations.Directives() {
		for _, k := range d.Keys {
			if seen[k.Name] {
				continue
			}
			seen[k.Name] = true
			t := helpTopic{
				word: k.Name, summary: k.Doc, title: "The key " + k.Name + "=",
				sections: func() []section { return aboutKey(k) },
			}
			if k.Inheritable {
				t.mark = " *"
			}
			list = append(list, t)
		}
	}
	return list
}

// entryTopics returns the entries of a spec that are not keys of a directive.
func entryTopics() []helpTopic {
	var list []helpTopic
	for _, k := range annotations.SpecEntries() {
		list = append(list, helpTopic{
			word: k.Name, summary: summarize(k.Doc), title: "The entry " + k.Name + " of a spec",
			sections: func() []section { return aboutEntry(k) },
		})
	}
	for _, k := range ownEntries() {
		list = append(list, helpTopic{
			word: k.Name, mark: " +", summary: summarize(k.Doc), title: "The entry " + k.Name + " of a resource in a spec",
			sections: func() []section { return aboutEntry(k) },
		})
	}
	return list
}

func codeTopics() []helpTopic {
	var list []helpTopic
	for _, m := range diag.Codes() {
		list = append(list, helpTopic{
			word: string(m.Code), summary: m.Title, title: string(m.Code) + ": " + m.Title,
			sections: func() []section { return aboutCode(m) },
		})
	}
	return list
}

// summarize returns the first clause of a sentence.
func summarize(doc string) string {
	doc, _, _ = strings.Cut(doc, ": ")
	doc, _, _ = strings.Cut(doc, "; ")
	return strings.TrimSuffix(doc, ".")
}

func explain(word string) (string, error) {
	var w textWriter
	name := wordOf(word)
	var words []string
	for _, group := range topicGroups() {
		for _, t := range group.topics {
			words = append(words, t.word)
			if t.word != name && (group.prefix == "" || group.prefix+t.word != name) {
				continue
			}
			if w.Len() > 0 {
				w.WriteString("\n\n")
			}
			w.topic(t)
		}
	}
	operation := annotations.FoldOperation(name)
	switch {
	case w.Len() > 0:
	case annotations.IsMethod(operation):
		w.topic(methodTopic(operation))
	case annotations.IsOperation(operation), name == "operations":
		w.topic(operationTopic())
	}
	if w.Len() == 0 {
		hint := ""
		if !codeForm().MatchString(word) {
			hint = annotations.Suggest(strings.TrimPrefix(name, "webapi:"), words)
		}
		return "", &generator.UsageError{Message: fmt.Sprintf("nothing is called %q%s; webapi-gen explain lists all words", word, hint)}
	}
	return w.String(), nil
}

// methodTopic returns the topic of an HTTP method, which is not a word of the
// language itself.
func methodTopic(method string) helpTopic {
	return helpTopic{
		word: method, title: fmt.Sprintf("The HTTP method %s, whose action is %s unless map= says otherwise", method, annotations.DefaultAction(method)),
		sections: func() []section {
			return []section{methodMap(), {prose: "To read more: webapi-gen explain methods, webapi-gen explain map, webapi-gen explain operation."}}
		},
	}
}

func operationTopic() helpTopic {
	return helpTopic{
		word: "operation", title: "Operations, METHOD and METHOD/name",
		summary:  "what a client does to a resource: an HTTP method, or a named one of a method",
		sections: aboutOperation,
	}
}

// codeForm matches a code as users write it.
var codeForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\[?(?i:wa)?0*(\d{1,3})\]?$`)
})

func wordOf(arg string) string {
	if code := codeForm().FindStringSubmatch(arg); code != nil {
		return fmt.Sprintf("WA%03s", code[1])
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(arg), "//"), "=")
}

func overview() string {
	var w textWriter
	for _, group := range topicGroups() {
		w.paragraph(group.intro, "", "")
		w.WriteString("\n")
		var rows [][]string
		for _, t := range group.topics {
			rows = append(rows, []string{t.word + t.mark, t.summary})
		}
		w.table(nil, rows)
		w.WriteString("\n")
	}
	w.paragraph("To read more about one: webapi-gen explain methods, webapi-gen explain WA012.", "", "")
	return w.String()
}
