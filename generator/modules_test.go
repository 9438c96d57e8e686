package generator_test

import (
	"os"
	"path/filepath"
	"slices"
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
		"outside":   {folders: "a testdata/b ../out", work: "use ./testdata/b\nuse ../out\nuse ./a", want: ". a testdata/b", err: "go.work:4: the module in ../out is not below the folder of go.work, so it cannot be read with the others"},
		"link":      {folders: "a ../out", work: "use ./link", want: ". a", err: "go.work:3: the module in ./link is not below the folder of go.work"},
		"no module": {folders: "a", work: "use ./b", want: ". a", err: "go.work:3: there is no module in ./b"},
		"a link":    {folders: "a", work: "->../out/secret", want: ". a", err: "go.work is a symbolic link that leads out of the repository"},
		"no syntax": {folders: "a", work: "use (", want: ". a", err: "go.work:4: syntax error"},
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
			if to, isLink := strings.CutPrefix(c.work, "->"); isLink {
				writeTree(t, dir, tree{to: "secret"})
				if err := os.Symlink(to, filepath.Join(dir, "go.work")); err != nil {
					t.Fatal(err)
				}
			} else if c.work != "" {
				writeTree(t, dir, tree{"go.work": "go 1.26\n\n" + c.work + "\n"})
			}
			got, err := generator.WorkModules(t.Context(), dir)
			if c.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), c.err) || !slices.Equal(got, strings.Fields(c.want)) {
					t.Errorf("modules %v, error %v, want %s", got, err, c.err)
				}
				return
			}
			if diff := cmp.Diff(strings.Fields(c.want), got); diff != "" || err != nil {
				t.Errorf("error %v, modules (-want +got):\n%s", err, diff)
			}
		})
	}
}
