package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const notes = `package notes

// NoteResource serves /notes.
//
//webapi:resource
type NoteResource struct{}
`

const spec = `version: 1
package: api
resources:
  - {type: UserResource, declare: true, methods: [GET]}
`

// A call is one call of the tool and what a person sees of it.
type call struct {
	args   string
	code   int
	stdout string
	stderr string
}

func TestRun(t *testing.T) {
	const wrote = "webapi-gen: 1 resource, 3 scopes; 2 files written, 0 unchanged, 0 removed (TIME)\n"
	const same = "webapi-gen: 1 resource, 3 scopes; 0 files written, 2 unchanged, 0 removed (TIME)\n"
	const help = "Run webapi-gen --help for usage.\n"
	tests := []struct {
		name  string
		files map[string]string
		calls []call
	}{
		{
			name:  "the package in the folder, and again",
			files: map[string]string{"notes.go": notes},
			calls: []call{
				{args: "", stdout: wrote},
				{args: ".", stdout: same},
				{args: "-v ./...", stdout: "unchanged note_resource_webapi.go\nunchanged webapi_catalog.go\n" + same},
				{args: "notes.go", stdout: same},
			},
		},
		{
			name:  "a spec by its name",
			files: map[string]string{"api/users.yaml": spec},
			calls: []call{
				{args: "-v --spec api/users.yaml", stdout: "written   api/user_resource_webapi.go\nwritten   api/webapi_catalog.go\n" +
					"webapi-gen: 1 resource, 1 scope; 2 files written, 0 unchanged, 0 removed (TIME)\n"},
			},
		},
		{
			name:  "nothing to guard",
			files: map[string]string{"notes.go": "package notes\n"},
			calls: []call{
				{args: "./...", stdout: "webapi-gen: there is no //webapi:resource and no resource of a webapi.yaml in ./...\n" +
					"webapi-gen: 0 resources, 0 scopes; 0 files written, 0 unchanged, 0 removed (TIME)\n"},
			},
		},
		{
			name:  "a resource less",
			files: map[string]string{"a.go": notes, "b.go": strings.ReplaceAll(notes, "Note", "User")},
			calls: []call{
				{args: "", stdout: "webapi-gen: 2 resources, 6 scopes; 3 files written, 0 unchanged, 0 removed (TIME)\n"},
				{args: "rm b.go"},
				{args: "-v", stdout: "unchanged note_resource_webapi.go\nremoved   user_resource_webapi.go\nwritten   webapi_catalog.go\n" +
					"webapi-gen: 1 resource, 3 scopes; 1 file written, 1 unchanged, 1 removed (TIME)\n"},
			},
		},
		{
			name:  "the input is wrong",
			files: map[string]string{"notes.go": strings.ReplaceAll(notes, "//webapi:resource", "//webapi:resource metods=GET\n//webapi:requires GET x")},
			calls: []call{
				{code: exitWrongInput, stderr: "notes.go:5:19: unknown key \"metods\" of webapi:resource (did you mean \"methods\"?); " +
					"allowed: name, scope, policy, methods, map, oauth2, apitokens, anonymous, key, super, description [WA014]\n" +
					"notes.go:6:10: unknown directive \"webapi:requires\" (did you mean \"require\"?); " +
					"allowed: resource, require, describe, defaults, scope, public [WA010]\n" +
					"webapi-gen: 2 errors; nothing was written\n"},
			},
		},
		{
			name:  "the call is wrong",
			files: map[string]string{"notes.go": notes, "notes.txt": ""},
			calls: []call{
				{args: "--colour", code: exitWrongCall, stderr: "webapi-gen: unknown flag: --colour\n" + help},
				{args: "-C nowhere", code: exitWrongCall, stderr: "webapi-gen: no such folder: nowhere\n" + help},
				{args: "example.com/notes", code: exitWrongCall, stderr: "webapi-gen: no such folder or file: example.com/notes " +
					"(patterns are paths, as in ./api or ./..., not import paths)\n" + help},
				{args: "verison", code: exitWrongCall, stderr: "webapi-gen: no such folder or file: verison " +
					"(patterns are paths, as in ./api or ./..., not import paths); did you mean the command version?\n" + help},
				{args: "notes.txt", code: exitWrongCall, stderr: "webapi-gen: notes.txt is neither a folder nor a Go file; a spec is named by --spec\n" + help},
				{args: "./no...", code: exitWrongCall, stderr: "webapi-gen: pattern \"./no...\": ... can only stand at the end, after a slash, as in ./...\n" + help},
				{args: "--spec api.yaml", code: exitWrongCall, stderr: "webapi-gen: no such file: --spec api.yaml\n" + help},
				{args: "version 2", code: exitWrongCall, stderr: "webapi-gen: unknown command \"2\" for \"webapi-gen version\"\n" + help},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, text := range tt.files {
				writeFile(t, name, text)
			}
			for _, c := range tt.calls {
				if name, ok := strings.CutPrefix(c.args, "rm "); ok {
					if err := os.Remove(name); err != nil {
						t.Fatal(err)
					}
					continue
				}
				if diff := cmp.Diff(c, runCall(c.args), cmp.AllowUnexported(call{})); diff != "" {
					t.Errorf("webapi-gen %s (-want +got):\n%s", c.args, diff)
				}
			}
		})
	}
}

var duration = regexp.MustCompile(`\([0-9.]+[µm]?s\)`)

func runCall(args string) call {
	var stdout, stderr bytes.Buffer
	code := run(strings.Fields(args), strings.NewReader(""), &stdout, &stderr)
	return call{args: args, code: code, stdout: duration.ReplaceAllString(stdout.String(), "(TIME)"), stderr: stderr.String()}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestHelpAndVersion(t *testing.T) {
	help := runCall("--help")
	for _, want := range []string{"Exit status: 0 done", "//go:generate go tool webapi-gen", "--spec"} {
		if !strings.Contains(help.stdout, want) {
			t.Errorf("--help has no %q:\n%s", want, help.stdout)
		}
	}
	if got := runCall("version"); got.code != exitDone || !strings.HasPrefix(got.stdout, "webapi-gen ") {
		t.Errorf("version: got %+v", got)
	}
}
