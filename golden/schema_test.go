package golden

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/schema"
)

// refusable are the codes of what can be seen in an entry of a spec and those
// around it. What a schema must let through nevertheless is in letThrough.
var refusable = []diag.Code{
	diag.UnknownKey, diag.Repeated, diag.EmptyValue, diag.MissingArgument, diag.BadText,
	diag.SpecShape, diag.SpecPlace, diag.UnknownMethod, diag.HeadNamed, diag.BadChoice,
	diag.BadName, diag.BadScope,
}

// letThrough has the diagnostics of cases that have such a code and that a
// schema cannot give, with the reason.
var letThrough = map[string]string{
	"error-defaults-in-both webapi.yaml:4:3":              "the other defaults are in a Go file",
	"error-many webapi.yaml:3:6":                          "which folders there are is not in the spec",
	"error-spec-place gone/webapi.yaml:3:6":               "which folders there are is not in the spec",
	"error-spec-place api/webapi.yml":                     "its name is not in the spec",
	"error-spec-place case/WebAPI.yaml":                   "its name is not in the spec",
	"error-spec-place case/webapi.YML":                    "its name is not in the spec",
	"error-spec-two-for-one-package api/webapi.yaml:2:10": "the other spec is another file",
	"error-spec-second-document webapi.yaml:5:1":          "a schema judges each document by itself",
	"error-spec-types webapi.yaml:21:18":                  "a date is a string in YAML 1.2, as editors read it",
	"error-spec-version d/webapi.yaml:1:10":               "1.0 is an integer in JSON Schema",
}

func TestSchemaIsValid(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.JSON()))
	if err != nil {
		t.Fatal(err)
	}
	meta, err := jsonschema.NewCompiler().Compile("http://json-schema.org/draft-07/schema#")
	if err != nil {
		t.Fatal(err)
	}
	if err := meta.Validate(doc); err != nil {
		t.Error(err)
	}
	if url := compileSchema(t).Location; url != schema.URL+"#" {
		t.Errorf("the schema is that of %s", url)
	}
}

// TestSchemaTakesSpecsOfTheTree checks each webapi.yaml that the tool would
// read. Other YAML files of the tree are settings of other tools, and those of
// cases and scripts are checked by themselves.
func TestSchemaTakesSpecsOfTheTree(t *testing.T) {
	s := compileSchema(t)
	found := 0
	err := filepath.WalkDir(root(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "webapi.yaml" {
			return err
		}
		found++
		if err := judge(t, s, []byte(readFile(t, path))).err; err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil || found == 0 {
		t.Errorf("%d specs, error %v", found, err)
	}
}

// TestSchemaRefusesOnlyErrors checks that the tool has an error in each spec of
// the cases and scripts that the schema refuses.
func TestSchemaRefusesOnlyErrors(t *testing.T) {
	s := compileSchema(t)
	specs := 0
	check := func(files []string, toolRefuses func(*testing.T, *txtar.Archive, string) bool) {
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range specsOf(t, archive) {
				specs++
				if err := judge(t, s, f.Data).err; err != nil && !toolRefuses(t, archive, f.Name) {
					t.Errorf("%s: %s is fine to the tool, but not to the schema: %v", file, f.Name, err)
				}
			}
		}
	}
	check(caseFiles(t), caseRefuses)
	check(scriptFiles(t), scriptRefuses)
	if specs < 80 {
		t.Errorf("%d specs, want at least 80", specs)
	}
}

// TestSchemaRefusesErrors checks that the schema refuses what it can, on the
// line on which the tool does.
func TestSchemaRefusesErrors(t *testing.T) {
	s := compileSchema(t)
	needed := map[string]bool{}
	refused := 0
	for _, file := range caseFiles(t) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		specs := specsOf(t, archive)
		for _, d := range findings(archive) {
			i := slices.IndexFunc(specs, func(f txtar.File) bool { return withoutInput(f.Name) == d.file })
			if i < 0 || !slices.Contains(refusable, d.code) {
				continue
			}
			id := strings.TrimSuffix(filepath.Base(file), ".txtar") + " " + d.place
			switch v := judge(t, s, specs[i].Data); {
			case !v.decoded: // a repeated key, say: there is no document to judge
			case slices.Contains(v.lines, d.line):
				refused++
			default:
				if needed[id] = true; letThrough[id] == "" {
					t.Errorf("%s: the schema has nothing on that line: %s", id, d.text)
				}
			}
		}
	}
	for id := range letThrough {
		if !needed[id] {
			t.Errorf("exception %q is needless", id)
		}
	}
	if refused < 60 {
		t.Errorf("%d diagnostics, want at least 60", refused)
	}
}

func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.JSON()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schema.URL, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(schema.URL)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func scriptFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../cmd/webapi-gen/testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	return files
}

// specsOf returns the YAML files of an archive that are inputs.
func specsOf(t testing.TB, archive *txtar.Archive) []txtar.File {
	t.Helper()
	var specs []txtar.File
	for _, f := range archive.Files {
		if name, ok := strings.CutSuffix(f.Name, ".quoted"); ok {
			f = txtar.File{Name: name, Data: unquote(t, f.Data)}
		}
		if ext := strings.ToLower(path.Ext(f.Name)); (ext == ".yaml" || ext == ".yml") && isInput(f) {
			specs = append(specs, f)
		}
	}
	return specs
}

// withoutInput returns the name of a file of a case as the tool reports it.
func withoutInput(name string) string {
	for _, prefix := range []string{single, annotated, spec} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest
		}
	}
	return name
}

// A finding is a line of what a case reports.
type finding struct {
	file, place string // place is file:line:column
	line        int
	code        diag.Code
	text        string
}

func findings(archive *txtar.Archive) []finding {
	var list []finding
	for _, f := range archive.Files {
		if f.Name != reported {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			d := finding{text: strings.TrimSpace(line)}
			d.place, _, _ = strings.Cut(line, ": ")
			column := 0
			var rest string
			d.file, rest, _ = strings.Cut(d.place, ":")
			fmt.Sscanf(rest, "%d:%d", &d.line, &column)
			_, code, _ := strings.Cut(d.text, " [WA")
			d.code = diag.Code("WA" + strings.TrimSuffix(code, "]"))
			list = append(list, d)
		}
	}
	return list
}

// caseRefuses reports whether a case has an error in a spec.
func caseRefuses(_ *testing.T, archive *txtar.Archive, name string) bool {
	return slices.ContainsFunc(findings(archive), func(d finding) bool { return d.file == withoutInput(name) })
}

// scriptRefuses reports whether the tool has an error in a spec of a script.
func scriptRefuses(t *testing.T, archive *txtar.Archive, name string) bool {
	t.Helper()
	dir := t.TempDir()
	unpack(t, archive, "", dir)
	_, err := generator.Generate(t.Context(), generator.Config{Dir: dir, Spec: name})
	var diags diag.List
	return errors.As(err, &diags) && slices.ContainsFunc(diags, func(d diag.Diagnostic) bool {
		return filepath.ToSlash(d.Pos.Filename) == name
	})
}
