package annotations_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

func docText(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// section returns the part of the documentation under a heading.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, after, found := strings.Cut(text, "\n// # "+heading+"\n")
	if !found {
		t.Fatalf("doc.go has no heading %q", heading)
	}
	body, _, _ := strings.Cut(after, "\n// # ")
	return body
}

func TestDocIsNoNearMiss(t *testing.T) {
	packages, diags := annotations.ReadGo([]annotations.Source{{Path: "doc.go", Data: []byte(docText(t))}})
	if len(diags) > 0 {
		t.Error(diags)
	}
	for _, pkg := range packages {
		if len(pkg.Defaults)+len(pkg.Scopes) > 0 {
			t.Error("an example of doc.go is taken for a directive")
		}
	}
}

func TestDocExplainsEveryDirective(t *testing.T) {
	text := docText(t)
	var headings []string
	for _, m := range regexp.MustCompile(`(?m)^// # webapi:(\w+)$`).FindAllStringSubmatch(text, -1) {
		headings = append(headings, m[1])
	}
	if diff := cmp.Diff(annotations.DirectiveNames(), headings); diff != "" {
		t.Errorf("directives with a section (-registry +doc.go):\n%s", diff)
	}
	for _, d := range annotations.Directives() {
		body := section(t, text, "webapi:"+d.Name)
		if synopsis := "//\t//webapi:" + d.Name + " " + d.Usage + "\n"; !strings.Contains(body, synopsis) {
			t.Errorf("the section of webapi:%s lacks %q", d.Name, synopsis)
		}
		if counterpart := "//\t" + d.Name + "  "; !strings.Contains(section(t, text, "YAML"), counterpart) {
			t.Errorf("the section YAML lacks %q", counterpart)
		}
		for _, k := range d.Keys {
			if !regexp.MustCompile(`\b` + k.Name + `\b`).MatchString(body) {
				t.Errorf("the section of webapi:%s lacks the key %s", d.Name, k.Name)
			}
		}
	}
}

func TestDocListsTheKeysOfResource(t *testing.T) {
	type row struct {
		Name        string
		Inheritable bool
	}
	var want, got []row
	resource, _ := annotations.FindDirective(annotations.DirectiveResource)
	for _, k := range resource.Keys {
		want = append(want, row{k.Name, k.Inheritable})
	}
	body := section(t, docText(t), "webapi:resource")
	for _, m := range regexp.MustCompile(`(?m)^//\t(\w+)( \*)? {2,}`).FindAllStringSubmatch(body, -1) {
		got = append(got, row{m[1], m[2] != ""})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-registry +doc.go):\n%s", diff)
	}
	for _, k := range resource.Keys {
		for _, v := range k.Values {
			if !regexp.MustCompile(`\t` + k.Name + `\b.*\b` + v + `\b`).MatchString(body) {
				t.Errorf("the key %s lacks the value %s", k.Name, v)
			}
		}
	}
}

// TestDocShowsNearMisses checks that the near misses of the documentation are ones.
func TestDocShowsNearMisses(t *testing.T) {
	rows := regexp.MustCompile(`(?m)^//\t(/[/*].*?)   `).FindAllStringSubmatch(section(t, docText(t), "Near misses"), -1)
	if len(rows) < 5 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, m := range rows {
		if got := reports("package p\n\n" + m[1] + "\n\ntype A struct{}\n"); !strings.HasSuffix(got, "["+string(diag.NearMiss)+"]") {
			t.Errorf("%s is reported as %q", m[1], got)
		}
	}
}
