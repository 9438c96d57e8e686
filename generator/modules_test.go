package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

func TestWorkModules(t *testing.T) {
	for name, c := range map[string]struct {
		folders, work string // folders with a go.mod
		want, err     string
	}{
		"none":      {folders: "", want: "."},
		"nested":    {folders: ". b a/c a/c/d", want: ". a/c a/c/d b"},
		"skipped":   {folders: ". testdata/a _b .c vendor/d a", want: ". a"},
		"workspace": {folders: "a b/c", work: "use (\n./a\n./b/c\n)", want: ". a b/c"},
		"used":      {folders: ". testdata/a _b/c", work: "use .\nuse ./testdata/a\nuse _b/c", want: ". _b/c testdata/a"},
		"outside":   {folders: "a ../out", work: "use ./a\nuse ../out", err: "go.work:4: the module in ../out is not below the folder of go.work, so it cannot be read with the others"},
		"link":      {folders: "a ../out", work: "use ./link", err: "go.work:3: the module in ./link is not below the folder of go.work"},
		"no module": {folders: "a", work: "use ./b", err: "go.work:3: there is no module in ./b"},
		"no syntax": {folders: "a", work: "use (", err: "go.work:4: syntax error"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "top")
			for folder := range strings.FieldsSeq(c.folders) {
				writeTree(t, filepath.Join(dir, filepath.FromSlash(folder)), tree{"go.mod": "module m\n"})
			}
			writeTree(t, dir, tree{"a.go": "package a\n"})
			if err := os.Symlink("../out", filepath.Join(dir, "link")); err != nil {
				t.Skip(err)
			}
			if c.work != "" {
				writeTree(t, dir, tree{"go.work": "go 1.26\n\n" + c.work + "\n"})
			}
			got, err := generator.WorkModules(t.Context(), dir)
			if c.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), c.err) {
					t.Errorf("error %v, want %s", err, c.err)
				}
				return
			}
			if diff := cmp.Diff(strings.Fields(c.want), got); diff != "" || err != nil {
				t.Errorf("error %v, modules (-want +got):\n%s", err, diff)
			}
		})
	}
}
