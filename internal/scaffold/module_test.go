package scaffold_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/internal/scaffold"
)

const (
	require = "require github.com/webapi-gen/webapi-gen "
	tool    = "tool github.com/webapi-gen/webapi-gen/cmd/webapi-gen\n"
	getTool = "go get -tool github.com/webapi-gen/webapi-gen/cmd/webapi-gen@"
)

func TestModule(t *testing.T) {
	const line = "package api\n\n//go:generate go tool webapi-gen\n"
	const sum = "github.com/webapi-gen/webapi-gen v1.2.0 h1:xxx\n"
	for _, test := range []struct {
		name, version, mod string
		want               string // "" if it is left alone
		next               string // before go generate
		sum                string
	}{
		{"a release", "v1.2.0", goMod, goMod + "\n" + require + "v1.2.0\n\n" + tool, "go mod tidy", ""},
		{"a release of a module with requirements", "v1.2.0",
			goMod + "\nrequire (\n\texample.com/a v1.0.0\n\texample.com/z v1.0.0\n)\n\nrequire (\n\texample.com/b v1.0.0 // indirect\n\texample.com/c v1.0.0 // indirect\n)\n",
			goMod + "\nrequire (\n\texample.com/a v1.0.0\n\texample.com/z v1.0.0\n\tgithub.com/webapi-gen/webapi-gen v1.2.0\n)\n\nrequire (\n\texample.com/b v1.0.0 // indirect\n\texample.com/c v1.0.0 // indirect\n)\n\n" + tool,
			"go mod tidy", ""},
		{"a version that is required stays", "v1.2.0", goMod + "\n" + require + "v1.1.0\n", goMod + "\n" + require + "v1.1.0\n\n" + tool, "go mod tidy", ""},
		{"a version that is required, and none of ours", "(devel)", goMod + "\n" + require + "v1.1.0\n", goMod + "\n" + require + "v1.1.0\n\n" + tool, "go mod tidy", sum},
		{"further tools", "v1.2.0", goMod + "\ntool example.com/a // why\n\n" + require + "v1.2.0\n",
			goMod + "\ntool (\n\texample.com/a // why\n\tgithub.com/webapi-gen/webapi-gen/cmd/webapi-gen\n)\n\n" + require + "v1.2.0\n", "go mod tidy", ""},
		{"all is there", "v1.2.0", goMod + "\n" + tool + "\n" + require + "v1.2.0\n", "", "", sum},
		{"all is there but its sums", "v1.2.0", goMod + "\n" + tool + "\n" + require + "v1.2.0\n", "", "go mod tidy", ""},
		{"a work tree", "(devel)", goMod, "", getTool + "latest", ""},
		{"a commit", "v0.0.0-20260101000000-0123456789ab", goMod, "", getTool + "latest", ""},
		{"a changed release", "v1.2.0+dirty", goMod, "", getTool + "latest", ""},
		{"a preview", "v1.2.0-rc.1", goMod, "", getTool + "latest", ""},
		{"a major version that the path does not name", "v2.0.0", goMod, "", getTool + "latest", ""},
		{"no version", "", goMod, "", getTool + "latest", ""},
		{"an old go line", "v1.2.0", "module example.com/api\n\ngo 1.23.4\n", "", getTool + "v1.2.0", ""},
		{"the first go line with tools", "", "module example.com/api\n\ngo 1.24\n\n" + require + "v1.2.0\n",
			"module example.com/api\n\ngo 1.24\n\n" + require + "v1.2.0\n\n" + tool, "go mod tidy", ""},
		{"what is written stays as it is", "", "// The API.\nmodule example.com/api // ours\n\ngo 1.26\n\nrequire (\n\tgithub.com/webapi-gen/webapi-gen v1.2.0 // guards\n)\n",
			"// The API.\nmodule example.com/api // ours\n\ngo 1.26\n\nrequire (\n\tgithub.com/webapi-gen/webapi-gen v1.2.0 // guards\n)\n\n" + tool, "go mod tidy", ""},
		{"no go line", "(devel)", "module example.com/api\n", "", getTool + "latest", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			inFolder(t, map[string]string{"go.mod": test.mod, "a.go": line, "go.sum": test.sum})
			plan := makePlan(t, scaffold.Options{Version: test.version})
			got := ""
			for _, c := range plan.Changes {
				got += string(c.Content)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("go.mod (-want +got):\n%s", diff)
			}
			want := strings.TrimPrefix(test.next+"; go generate ./...; go mod tidy", "; ")
			if next := strings.Join(plan.Next, "; "); next != want {
				t.Errorf("next: %s\nwant: %s", next, want)
			}
		})
	}
}

// TestToolsModule sets up a package of a server whose tools are in a module of their
// own.
func TestToolsModule(t *testing.T) {
	const (
		withRuntime = goMod + "\n" + require + "v1.0.0\nrequire github.com/webapi-gen/webapi-gen/webapi v1.0.0\n"
		toolsMod    = "module example.com/api/tools\n\ngo 1.26\n\n" + tool
	)
	for _, test := range []struct {
		name  string
		files map[string]string
		line  string // the command of go generate
		next  string
	}{
		{"no workspace", nil, "go tool -modfile=../../tools/go.mod webapi-gen", "go generate ./a/b"},
		{"a workspace without it", map[string]string{"go.work": "go 1.26\nuse .\n"}, "go tool webapi-gen", "go work use ./tools; go generate ./a/b"},
		{"a workspace with it", map[string]string{"go.work": "go 1.26\nuse (\n\t.\n\t./tools\n)\n"}, "go tool webapi-gen", "go generate ./a/b"},
		{"a vendor folder", map[string]string{"vendor/modules.txt": ""}, "go run -mod=readonly -modfile=../../tools/go.mod github.com/webapi-gen/webapi-gen/cmd/webapi-gen",
			"go generate ./a/b; go mod tidy; go mod vendor"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("GOWORK", "")
			files := map[string]string{"go.mod": withRuntime, "tools/go.mod": toolsMod, "a/b/a.go": "package b\n"}
			maps.Copy(files, test.files)
			inFolder(t, files)
			plan := makePlan(t, scaffold.Options{Folder: "a/b", Version: "v1.2.0"})
			if len(plan.Changes) != 1 || string(plan.Changes[0].Content) != "package b\n\n//go:generate "+test.line+"\n" {
				t.Errorf("changes: %q, want the line %s", plan.Changes, test.line)
			}
			if next := strings.Join(plan.Next, "; "); next != test.next {
				t.Errorf("next: %s\nwant: %s", next, test.next)
			}
		})
	}
}

// TestLinks checks that the target of a symbolic link is written, and that the link
// remains.
func TestLinks(t *testing.T) {
	inFolder(t, map[string]string{
		"real/go.mod": goMod + "\n" + require + "v1.2.0\n", "real/api/a.txt": "package api\n", "elsewhere/x": "",
	})
	for link, to := range map[string]string{"elsewhere/api": "../real/api", "real/api/a.go": "a.txt"} {
		if err := os.Symlink(filepath.FromSlash(to), link); err != nil {
			t.Skip(err)
		}
	}
	plan := makePlan(t, scaffold.Options{Dir: filepath.FromSlash("elsewhere/api")})
	if err := plan.Result().Write(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"real/api/a.txt": "package api\n\n//go:generate go tool webapi-gen\n",
		"real/go.mod":    goMod + "\n" + require + "v1.2.0\n\n" + tool,
	} {
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, link := range []string{"elsewhere/api", "real/api/a.go"} {
		if info, err := os.Lstat(link); err != nil || info.Mode().Type() != os.ModeSymlink {
			t.Errorf("%s is no link any more: %v", link, err)
		}
	}
	if want := "cd real; go mod tidy; go generate ./api; go mod tidy"; strings.Join(plan.Next, "; ") != want {
		t.Errorf("next: %q, want %q", plan.Next, want)
	}
}
