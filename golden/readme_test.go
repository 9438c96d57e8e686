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

// quotation is a code block of the README with the file that it is taken from.
var quotation = regexp.MustCompile("(?s)<!-- from (\\S+) -->\n```\\w+\n(.*?)```\n")

// TestReadmeQuotes checks that each code block of the README that names a file
// is to be found in it.
func TestReadmeQuotes(t *testing.T) {
	quotes := quotation.FindAllStringSubmatch(readFile(t, readme), -1)
	if len(quotes) < 4 {
		t.Fatalf("the README has %d quotations, want at least 4", len(quotes))
	}
	for _, q := range quotes {
		if !strings.Contains(readFile(t, filepath.Join("..", q[1])), q[2]) {
			t.Errorf("%s has no longer what the README quotes:\n%s", q[1], q[2])
		}
	}
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
