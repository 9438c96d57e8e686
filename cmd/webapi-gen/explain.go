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
key, or an HTTP method and its action. Without a word it lists all of them.

Exit status: 0 success, 2 there is no such word or the command line is wrong.`,
		Example: `  # The code at the end of a message:
  webapi-gen explain WA012

  # A directive, and a key:
  webapi-gen explain require
  webapi-gen explain methods

  # The list of all words:
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

// A topic is a word that can be explained.
type topic struct {
	word  string
	mark  string // what an overview puts after the word
	gist  string // what it is about, in a line
	title string // the first line of its explanation
	parts func() []part
}

// A chapter is all topics of a kind. A word can be a topic in several chapters.
type chapter struct {
	intro  string
	prefix string // what can stand before the words of this chapter, and of no other
	topics []topic
}

// chapters returns all there is to explain.
func chapters() []chapter {
	return []chapter{
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
			intro:  "Entries stand in a spec, those marked + in each of its resources, beside the keys:",
			topics: entryTopics(),
		},
		{
			intro:  "Codes stand at the end of messages, as in [WA012]:",
			topics: codeTopics(),
		},
	}
}

func directiveTopics() []topic {
	var list []topic
	for _, d := range annotations.Directives() {
		list = append(list, topic{
			word: d.Name, gist: gist(d.Doc), title: synopsis(d),
			parts: func() []part { return aboutDirective(d) },
		})
	}
	return list
}

// keyTopics returns the keys of all directives, each once.
func keyTopics() []topic {
	var list []topic
	seen := map[string]bool{}
	for _, d := range annotations.Directives() {
		for _, k := range d.Keys {
			if seen[k.Name] {
				continue
			}
			seen[k.Name] = true
			t := topic{
				word: k.Name, gist: k.Doc, title: "The key " + k.Name + "=",
				parts: func() []part { return aboutKey(k) },
			}
			if k.Inheritable {
				t.mark = " *"
			}
			list = append(list, t)
		}
	}
	return list
}

// entryTopics returns the entries of a spec that are no keys of a directive.
func entryTopics() []topic {
	var list []topic
	for _, k := range annotations.SpecEntries() {
		list = append(list, topic{
			word: k.Name, gist: gist(k.Doc), title: "The entry " + k.Name + " of a spec",
			parts: func() []part { return aboutEntry(k) },
		})
	}
	for _, k := range ownEntries() {
		list = append(list, topic{
			word: k.Name, mark: " +", gist: gist(k.Doc), title: "The entry " + k.Name + " of a resource in a spec",
			parts: func() []part { return aboutEntry(k) },
		})
	}
	return list
}

func codeTopics() []topic {
	var list []topic
	for _, m := range diag.Codes() {
		list = append(list, topic{
			word: string(m.Code), gist: m.Title, title: string(m.Code) + ": " + m.Title,
			parts: func() []part { return aboutCode(m) },
		})
	}
	return list
}

// gist returns what a sentence says before it goes into details.
func gist(doc string) string {
	doc, _, _ = strings.Cut(doc, ": ")
	doc, _, _ = strings.Cut(doc, "; ")
	return strings.TrimSuffix(doc, ".")
}

// explain returns all there is to say about a word.
func explain(word string) (string, error) {
	var p page
	wanted := wordOf(word)
	var words []string
	for _, c := range chapters() {
		for _, t := range c.topics {
			words = append(words, t.word)
			if t.word != wanted && (c.prefix == "" || c.prefix+t.word != wanted) {
				continue
			}
			if p.Len() > 0 {
				p.WriteString("\n\n")
			}
			p.topic(t)
		}
	}
	if method := strings.ToUpper(wanted); p.Len() == 0 && annotations.IsMethod(method) {
		p.topic(methodTopic(method))
	}
	if p.Len() == 0 {
		return "", unknownWord(word, wanted, words)
	}
	return p.String(), nil
}

// methodTopic returns what there is to say about an HTTP method, which is no word
// of the language itself.
func methodTopic(method string) topic {
	return topic{
		word: method, title: fmt.Sprintf("The HTTP method %s, whose action is %s unless map= says otherwise", method, annotations.DefaultAction(method)),
		parts: func() []part {
			return []part{methodMap(), {prose: "To read more: webapi-gen explain methods, webapi-gen explain map."}}
		},
	}
}

// unknownWord names a word that is near. A number has no near one.
func unknownWord(word, wanted string, words []string) error {
	hint := ""
	if !codeForm().MatchString(word) {
		hint = annotations.Suggest(strings.TrimPrefix(wanted, "webapi:"), words)
	}
	return &generator.UsageError{Message: fmt.Sprintf("nothing is called %q%s; webapi-gen explain lists all words", word, hint)}
}

// codeForm is a code as people write it.
var codeForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\[?(?i:wa)?0*(\d{1,3})\]?$`)
})

// wordOf returns the word that is meant by an argument.
func wordOf(arg string) string {
	if code := codeForm().FindStringSubmatch(arg); code != nil {
		return fmt.Sprintf("WA%03s", code[1])
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(arg), "//"), "=")
}

// overview returns all words, with a line for each.
func overview() string {
	var p page
	for _, c := range chapters() {
		p.paragraph(c.intro, "", "")
		p.WriteString("\n")
		var rows [][]string
		for _, t := range c.topics {
			rows = append(rows, []string{t.word + t.mark, t.gist})
		}
		p.table(nil, rows)
		p.WriteString("\n")
	}
	p.paragraph("To read more about one: webapi-gen explain methods, webapi-gen explain WA012.", "", "")
	return p.String()
}
