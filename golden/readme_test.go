package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
)

const readme = "../README.md"

// quotation is a code block with the file that it is taken from.
var quotation = regexp.MustCompile("(?s)<!-- from (\\S+) -->\n```\\w+\n(.*?)```\n")

// edit is a code block that shows how the first of two files becomes the second.
var edit = regexp.MustCompile("(?s)<!-- from (\\S+) to (\\S+) -->\n```diff\n(.*?)```\n")

// TestQuotes checks that each code block that names a file is to be found in it, and
// that in the guides every block of Go does.
func TestQuotes(t *testing.T) {
	guides, err := filepath.Glob("../docs/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("got %d guides: %v", len(guides), err)
	}
	for _, name := range append(guides, readme) {
		text := readFile(t, name)
		quotes, edits := quotation.FindAllStringSubmatch(text, -1), edit.FindAllStringSubmatch(text, -1)
		if len(quotes) < 4 {
			t.Errorf("%s has %d quotations, want at least 4", name, len(quotes))
		}
		named := len(edits)
		for _, q := range quotes {
			if strings.Contains(q[0], "```go\n") {
				named++
			}
			mustQuote(t, name, q[1], q[2])
		}
		if blocks := strings.Count(text, "```go\n") + strings.Count(text, "```diff\n"); name != readme && blocks != named {
			t.Errorf("%s has %d blocks of code, and %d of them name their file", name, blocks, named)
		}
		for _, e := range edits {
			mustQuote(t, name, e[1], side(e[3], "-"))
			mustQuote(t, name, e[2], side(e[3], "+"))
		}
	}
}

func mustQuote(t *testing.T, document, file, block string) {
	t.Helper()
	if !strings.Contains(readFile(t, filepath.Join("..", file)), block) {
		t.Errorf("%s no longer has what %s quotes:\n%s", file, document, block)
	}
}

// side returns the lines of a diff that one of its files has, marked by sign where
// the other does not have them.
func side(diff, sign string) string {
	var b strings.Builder
	for line := range strings.Lines(diff) {
		if text, ok := strings.CutPrefix(line, " "); ok {
			b.WriteString(text)
		} else if text, ok := strings.CutPrefix(line, sign); ok {
			b.WriteString(text)
		}
	}
	return b.String()
}

// TestReadmeTables checks the README's tables against the registry of the
// annotations.
func TestReadmeTables(t *testing.T) {
	old := readFile(t, readme)
	text := replaceTable(t, old, "directives", directiveRows())
	text = replaceTable(t, text, "keys", keyRows())
	if *update {
		if err := os.WriteFile(readme, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text, old); diff != "" {
		t.Errorf("the tables differ; go test ./golden -update rewrites them (-want +got):\n%s", diff)
	}
}

func directiveRows() string {
	var b strings.Builder
	for _, d := range annotations.Directives() {
		usage := strings.ReplaceAll(d.Usage, "|", `\|`)
		fmt.Fprintf(&b, "| `//webapi:%s %s` | %s | %s |\n", d.Name, usage, d.Location, d.Doc)
	}
	return b.String()
}

func keyRows() string {
	var b strings.Builder
	directive, _ := annotations.FindDirective(annotations.DirectiveResource)
	for _, k := range directive.Keys {
		name, doc := "`"+k.Name+"`", k.Doc
		if k.Inheritable {
			name += " *"
		}
		if k.Values != nil {
			doc += ": " + strings.Join(k.Values, " or ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, doc, k.Default)
	}
	return b.String()
}

// replaceTable returns text with the rows of the named table replaced.
func replaceTable(t *testing.T, text, name, rows string) string {
	t.Helper()
	table := regexp.MustCompile(`(<!-- table of ` + name + ` -->\n\|.*\n\|[-|]+\n)((?:\|.*\n)*)`)
	if !table.MatchString(text) {
		t.Fatalf("the README has no table of %s", name)
	}
	return table.ReplaceAllStringFunc(text, func(old string) string {
		return table.FindStringSubmatch(old)[1] + rows
	})
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
