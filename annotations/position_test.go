package annotations_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// Each file has one error, and « before its text.
func TestPlacesInGoFiles(t *testing.T) {
	for name, marked := range map[string]string{
		"plain":                "package p\n\n//webapi:resource «nmae=x\ntype A struct{}\n",
		"tabs":                 "package p\n\ntype (\n\t//webapi:resource\t\t«nmae=x\n\tA struct{}\n)\n",
		"other characters":     "package p\n\nvar é = 1 //webapi:«resource\n",
		"byte order mark":      "\ufeff//webapi:«resource\n\npackage p\n",
		"later with the mark":  "\ufeffpackage p\n\n//webapi:«resorce\ntype A struct{}\n",
		"CRLF":                 "package p\r\n\r\n//webapi:resource «nmae=x\r\ntype A struct{}\r\n",
		"CRLF in a block":      "package p\r\n\r\n/*\r\n   «webapi:resource\r\n*/\r\ntype A struct{}\r\n",
		"line comment":         "package p\n\n//line other.go:100:7\n//webapi:resource «nmae=x\ntype A struct{}\n",
		"line comment, inline": "package p\n\n/*line other.go:100:7*/ //webapi:«resource\n\n",
		"syntax after //line":  "package p\n\n//line other.go:100:7\nvar «= 1\n",
		"carriage return":      "package p\n\n//webapi:resource name=a«\rb\ntype A struct{}\n",
		"last line":            "package p\n\n«// webapi:resource",
		"value in quotes":      "package p\n\n//webapi:resource methods=\"GET, «,POST\"\ntype A struct{}\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := readGo(strings.Replace(marked, "«", "", 1))
			var got []string
			for _, d := range diags {
				got = append(got, mark(marked, d.Pos.Line, d.Pos.Column))
			}
			if diff := cmp.Diff([]string{marked}, got); diff != "" {
				t.Errorf("marks differ (-want +got): %s\n%v", diff, diags)
			}
		})
	}
}

func TestPlacesInSpecs(t *testing.T) {
	const head = "version: 1\npackage: p\n"
	for name, marked := range map[string]string{
		"plain":                 head + "«nmae: x\n",
		"nested":                head + "resources:\n- type: A\n  «nmae: x\n",
		"flow":                  head + "resources: [{type: A, «nmae: x}]\n",
		"other characters":      head + "resources: [{\"type\": \"é日本\", «nmae: x}]\n",
		"byte order mark":       "\ufeff«nmae: x\n" + head,
		"later with the mark":   "\ufeff" + head + "«nmae: x\n",
		"CRLF":                  strings.ReplaceAll(head, "\n", "\r\n") + "«nmae: x\r\n",
		"lone carriage returns": "version: 1«\rpackage: p\rnmae: x\n",
		"separator of Unicode":  "version: 1\npackage: p # x«\u2028nmae: x\n",
		"next line":             "version: 1 # é«\u0085package: p\nnmae: x\n",
		"block scalar":          head + "resources:\n- type: A\n  description: |\n    one\n    two\n  «nmae: x\n",
		"value with an anchor":  head + "scopes: {a: «&x []}\n",
		"second document":       head + "«---\nnmae: x\n",
		"empty":                 "«",
		"no mapping":            "«- 1\n",
		"alias in itself":       head + "defaults: &d {methods: «*d}\n",
		"repeated":              head + "«package: q\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: []byte(strings.Replace(marked, "«", "", 1))})
			var got []string
			for _, d := range diags {
				got = append(got, mark(marked, d.Pos.Line, d.Pos.Column))
			}
			if diff := cmp.Diff([]string{marked}, got); diff != "" {
				t.Errorf("marks differ (-want +got): %s\n%v", diff, diags)
			}
		})
	}
}

// mark returns a text with its mark moved to a line and column.
func mark(marked string, line, column int) string {
	lines := strings.SplitAfter(strings.Replace(marked, "«", "", 1), "\n")
	text := lines[line-1]
	lines[line-1] = text[:column-1] + "«" + text[column-1:]
	return strings.Join(lines, "")
}
