package report_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/internal/report"
)

// sarifSchema returns the official schema.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func parse(t *testing.T, document string) any {
	t.Helper()
	if !strings.HasSuffix(document, "}\n") {
		t.Errorf("the document does not end in a line")
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestSARIFFollowsItsSchema(t *testing.T) {
	dir, schema := writeTexts(t), sarifSchema(t)
	for name, list := range map[string]diag.List{"all": diagnostics(), "none": nil} {
		for _, root := range []string{"", dir, t.TempDir()} {
			document := printed(t, list, report.SARIF, report.Options{Dir: dir, Root: root, Version: "v1.2.3"})
			if err := schema.Validate(parse(t, document)); err != nil {
				t.Errorf("%s, root %q: %v", name, root, err)
			}
		}
	}
}

// TestSchemaRefuses shows that the schema rejects wrong documents.
func TestSchemaRefuses(t *testing.T) {
	dir, schema := writeTexts(t), sarifSchema(t)
	document := printed(t, diagnostics(), report.SARIF, report.Options{Dir: dir, Root: dir})
	for right, wrong := range map[string]string{
		`"version": "2.1.0"`:             `"version": "2.1"`,
		`"columnKind": "utf16CodeUnits"`: `"columnKind": "bytes"`,
		`"level": "error"`:               `"level": "fatal"`,
		`"startLine": 3`:                 `"startLine": 0`,
		`"endColumn": 25`:                `"endColumn": "25"`,
		`"uri": "./a%20b`:                `"uri": "./a%2`,
		`"informationUri": "https://`:    `"informationUri": "//`,
		`"physicalLocation": {`:          `"place": {`,
		`"message": {`:                   `"text": {`,
		`"ruleId": "WA010"`:              `"ruleId": 10`,
		`"deletedRegion": {`:             `"region": {`,
		`"insertedContent": {`:           `"inserted": {`,
	} {
		broken := strings.Replace(document, right, wrong, 1)
		if broken == document {
			t.Errorf("the document has no %s", right)
		} else if schema.Validate(parse(t, broken)) == nil {
			t.Errorf("the schema takes %s", wrong)
		}
	}
}

// TestSARIFFixes applies the fixes of a document to the text that it is about.
func TestSARIFFixes(t *testing.T) {
	dir := writeTexts(t)
	text := texts["wide.go"]
	first, last := strings.Index(text, "😀"), len(text)
	var list diag.List
	list.Add(at("wide.go", 1, 1), diag.BadText, "x").SetFix("y", diag.Edit{Offset: first, End: first + len("😀"), New: "smile"}, diag.Edit{Offset: last, End: last, New: "end"})
	list.Add(at("wide.go", 1, 1), diag.BadText, "beyond the file").SetFix("y", diag.Edit{Offset: last, End: last + 1})
	list.Add(at("wide.go", 1, 1), diag.BadText, "no edit").SetFix("y")
	var document struct {
		Runs []struct {
			Results []struct{ Fixes json.RawMessage }
		}
	}
	if err := json.Unmarshal([]byte(printed(t, list, report.SARIF, report.Options{Dir: dir})), &document); err != nil {
		t.Fatal(err)
	}
	results := document.Runs[0].Results
	got := string(results[0].Fixes)
	for _, want := range []string{
		fmt.Sprintf(`"startColumn": %d`, 23), `"endColumn": 25`, `"text": "smile"`, // the character has two code units
		`"startLine": 2`, `"endLine": 2`, `"text": "end"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the fix has no %s: %s", want, got)
		}
	}
	for _, r := range results[1:] {
		if r.Fixes != nil {
			t.Errorf("fixes %s, want none", r.Fixes)
		}
	}
}
