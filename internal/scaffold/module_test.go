package scaffold_test

import (
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
			want := strings.TrimPrefix(test.next+"; go generate ./...", "; ")
			if next := strings.Join(plan.Next, "; "); next != want {
				t.Errorf("next: %s\nwant: %s", next, want)
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
	if want := "cd real; go mod tidy; go generate ./api"; strings.Join(plan.Next, "; ") != want {
		t.Errorf("next: %q, want %q", plan.Next, want)
	}
}
