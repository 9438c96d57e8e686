package main

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

const reference = "../../REFERENCE.md"

// TestReference checks REFERENCE.md against the registry of the language and
// the help of the commands.
func TestReference(t *testing.T) {
	const source = "reference.md.tmpl"
	page, err := template.New(source).Funcs(template.FuncMap{
		"directives": annotations.Directives, "keys": allKeys, "codes": diag.Codes,
		"commands":       func() []command { return commands(t) },
		"aboutDirective": aboutDirective, "aboutOperation": aboutOperation, "aboutKey": aboutKey, "aboutCode": aboutCode,
		"methodMap": func() []section { return []section{{head: methodMap().head, rows: methodMap().rows}} },
		"synopsis":  synopsis, "slug": slug, "anchor": func(c diag.Code) string { return strings.ToLower(string(c)) },
		"specEntries": func() []section { return []section{entryTable(annotations.SpecEntries())} },
		"ownEntries":  func() []section { return []section{entryTable(ownEntries())} },
		"specSample":  func() []section { return samples(annotations.SpecSample()) },
		"markdown":    markdown, "prose": prose,
	}).ParseFiles("testdata/" + source)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := page.Execute(&want, nil); err != nil {
		t.Fatal(err)
	}
	checkLinks(t, want.String())
	if *update {
		if err := os.WriteFile(reference, want.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("REFERENCE.md differs; go test ./cmd/webapi-gen -update rewrites it (-want +got):\n%s", diff)
	}
}

// checkLinks checks that each link within a page has one target.
func checkLinks(t *testing.T, text string) {
	t.Helper()
	places := map[string]int{}
	for _, a := range regexp.MustCompile(`<a id="(.+?)">`).FindAllStringSubmatch(text, -1) {
		places[a[1]]++
	}
	for _, h := range regexp.MustCompile(`(?m)^##+ (.+)$`).FindAllStringSubmatch(text, -1) {
		places[slug(h[1])]++
	}
	links := regexp.MustCompile(`\]\(#(.+?)\)`).FindAllStringSubmatch(text, -1)
	if len(links) < len(diag.Codes()) {
		t.Errorf("the page has %d links", len(links))
	}
	for _, l := range links {
		if places[l[1]] != 1 {
			t.Errorf("#%s leads to %d places", l[1], places[l[1]])
		}
	}
}

// slug returns the anchor that GitHub gives to a heading.
func slug(heading string) string {
	heading = regexp.MustCompile(`[^\w -]`).ReplaceAllString(strings.ToLower(heading), "")
	return strings.ReplaceAll(heading, " ", "-")
}

// A command is one as the reference describes it.
type command struct{ Name, Help string }

// commands returns the visible commands, the root first.
func commands(t *testing.T) []command {
	t.Setenv("PATH", "") // without the importer, whose help is not of this module
	root := (&app{}).rootCommand()
	list := []command{{root.Name(), helpOf(t)}}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			list = append(list, command{c.CommandPath(), helpOf(t, c.Name())})
		}
	}
	return list
}

func helpOf(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(append(args, "--help"), nil, &stdout, &stderr); code != exitDone || stderr.Len() > 0 {
		t.Fatalf("--help of %q: exit code %d, %s", args, code, &stderr)
	}
	return stdout.String()
}

// allKeys returns the keys of all directives, each once.
func allKeys() []annotations.Key {
	var keys []annotations.Key
	for _, d := range annotations.Directives() {
		for _, k := range d.Keys {
			if _, ok := annotations.FindKey(keys, k.Name); !ok {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// markdown returns sections as GitHub reads them, with an empty line before each.
func markdown(sections []section) string {
	var b strings.Builder
	for _, p := range sections {
		if p.title != "" {
			fmt.Fprintf(&b, "\n%s%s:\n", p.title, optional(" (`%s`)", p.file))
		}
		b.WriteString(rows(p.head, p.rows))
		b.WriteString(optional("\n%s\n", prose(p.prose)))
		if p.code != "" {
			fmt.Fprintf(&b, "\n```%s\n%s```\n", languageOf(p), p.code)
		}
		for line := range strings.Lines(p.output) {
			fmt.Fprintf(&b, "\n> `%s`\n", strings.TrimSuffix(line, "\n"))
		}
	}
	return b.String()
}

// rows returns a table or, if that has no head, a list.
func rows(head []string, rows [][]string) string {
	var b strings.Builder
	if head != nil {
		fmt.Fprintf(&b, "\n| %s |\n%s|\n", strings.Join(head, " | "), strings.Repeat("|---", len(head)))
	} else if rows != nil {
		b.WriteString("\n")
	}
	for _, row := range rows {
		if head == nil {
			fmt.Fprintf(&b, "- *%s:* %s\n", row[0], prose(row[1]))
			continue
		}
		word, mark, _ := strings.Cut(row[0], " ")
		fmt.Fprintf(&b, "| `%s`%s |", word, optional(" %s", mark))
		for _, cell := range row[1:] {
			fmt.Fprintf(&b, " %s |", prose(cell))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// source matches source code within a text.
var source = regexp.MustCompile(`(//)?\bwebapi:([a-z]+|NAME)?|\b(POST|GET)/[a-z]+\b|\b[A-Z]+ /[a-z/{}]+|\bwebapi\.[A-Z]\w+|\b[\w-]+\.ya?ml\b|--[a-z]+\b(=-WA\d+)?|\b[a-z0-9]+=([a-z0-9]+\b)?|\b[A-Za-z]+:[a-z]+\b|\bdeclare: true\b|\bdir:|/notes/\{id\}`)

// prose returns a text as Markdown, with source code marked and all other markup
// escaped.
func prose(text string) string {
	text = strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`).Replace(text)
	return source.ReplaceAllString(text, "`$0`")
}

// languageOf returns the language of a section's code.
func languageOf(p section) string {
	switch path.Ext(p.file) {
	case ".go":
		return "go"
	case ".yaml", ".yml":
		return "yaml"
	default:
		return "console"
	}
}

func optional(format, text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf(format, text)
}

// entryTable returns a table of entries of a spec.
func entryTable(entries []annotations.Key) section {
	p := section{head: []string{"entry", "what it sets", "default"}}
	for _, k := range entries {
		p.rows = append(p.rows, []string{k.Name, k.Doc, k.Default})
	}
	return p
}
