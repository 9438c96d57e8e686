package generator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

const noteContract = "note_webapi_contract_test.go"

// A folder elsewhere keeps its own contract tests and ignores those beside the types.
func TestContractTestsElsewhere(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"api/a.go": noteGo, "out/keep": ""})
	out := generator.Config{Dir: dir, Patterns: []string{"api"}, Out: "out"}
	write := func(cfg generator.Config, want ...string) {
		t.Helper()
		result := generate(t, cfg)
		if err := result.Write(); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range result.Files {
			got = append(got, f.Status.String()+" "+strings.TrimPrefix(f.Path, cfg.Out+"/"))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
	}
	beside := generator.Config{Dir: dir, Patterns: []string{"api"}, Tests: generator.TestsAll}
	write(beside, "created api/note_webapi.go", "created api/"+noteContract, "created api/webapi_catalog.go")
	write(out, "created note_webapi.go", "created webapi_catalog.go")

	out.Tests = generator.TestsAll
	write(out, "unchanged note_webapi.go", "created "+noteContract, "unchanged webapi_catalog.go")
	out.Tests = generator.TestsKept
	write(out, "unchanged note_webapi.go", "unchanged "+noteContract, "unchanged webapi_catalog.go")
	out.Tests = generator.TestsNone // but nothing is removed from there
	write(out, "unchanged note_webapi.go", "unchanged webapi_catalog.go")
}

func TestFilesNamedOneByOneRemoveNoContractTest(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a.go": noteGo, noteContract: header})
	result := generate(t, generator.Config{Dir: dir, Patterns: []string{"a.go"}, Tests: generator.TestsNone})
	want := map[string]string{"note_webapi.go": "created", "webapi_catalog.go": "created"}
	if diff := cmp.Diff(want, statuses(result)); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// The name of a guard can be as long as a name may be; that of its contract test
// is longer.
func TestContractTestsWithLongNames(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a.go": "package p\n\n//webapi:resource methods=GET\ntype N" + strings.Repeat("o", 240) + " struct{}\n"})
	cfg := generator.Config{Dir: dir}
	generate(t, cfg)
	cfg.Tests = generator.TestsAll
	list := diagnostics(t, cfg)
	if len(list) != 1 || list[0].Code != "WA034" || !strings.Contains(list[0].Message, "265 bytes") {
		t.Errorf("diagnostics: %v", list)
	}
}
