package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/internal/report"
)

// pages returns the paths of the README and of the pages in docs.
func pages(t *testing.T, root string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(list) == 0 {
		t.Fatalf("got %d pages: %v", len(list), err)
	}
	return append(list, filepath.Join(root, "README.md"))
}

// session matches a block of a page with commands that run in a copy of a folder,
// and their output on a terminal.
var session = regexp.MustCompile("(?s)<!-- run in (\\S+) -->\n```console\n(.*?)```\n")

// TestReadmeSessions runs the commands of the README and the pages, and compares their
// output.
func TestReadmeSessions(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, page := range pages(t, root) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text := session.ReplaceAllStringFunc(string(data), func(block string) string {
			m := session.FindStringSubmatch(block)
			t.Chdir(t.TempDir())
			if err := os.CopyFS(".", os.DirFS(filepath.Join(root, filepath.FromSlash(m[1])))); err != nil {
				t.Fatal(err)
			}
			// The routes are read with types, for which the copy has to be in a module.
			writeFile(t, "go.mod", "module example.com/readme\n\ngo 1.26\n\nrequire github.com/webapi-gen/webapi-gen/webapi v0.0.0\n\n"+
				"replace github.com/webapi-gen/webapi-gen/webapi => "+filepath.ToSlash(filepath.Join(root, "webapi"))+"\n")
			var b strings.Builder
			for line := range strings.Lines(m[2]) {
				if call, ok := strings.CutPrefix(line, "$ webapi-gen "); ok {
					b.WriteString(line + onTerminal(t, call))
					ran++
				}
			}
			return strings.Replace(block, m[2], b.String(), 1)
		})
		if *update {
			if err := os.WriteFile(page, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(text, string(data)); diff != "" {
			t.Errorf("%s differs; go test ./cmd/webapi-gen -update rewrites it (-want +got):\n%s", page, diff)
		}
	}
	if ran < 7 {
		t.Errorf("the pages have %d commands to run, want at least 7", ran)
	}
}

// runBy matches a block of a page with commands that a script runs.
var runBy = regexp.MustCompile("(?s)<!-- run by (\\S+) -->\n```sh\n(.*?)```\n")

// TestReadmeCommands checks that scripts run the commands of the README and the pages,
// in their order.
func TestReadmeCommands(t *testing.T) {
	root := filepath.Join("..", "..")
	found := 0
	for _, page := range pages(t, root) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range runBy.FindAllStringSubmatch(string(data), -1) {
			found++
			data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(block[1])))
			if err != nil {
				t.Fatal(err)
			}
			script := string(data)
			for line := range strings.Lines(block[2]) {
				command, _, _ := strings.Cut(line, " #")
				_, rest, ok := strings.Cut(script, strings.TrimSpace(command))
				if !ok {
					t.Errorf("%s: %s does not run, at its place: %s", page, block[1], command)
					continue
				}
				script = rest
			}
		}
	}
	if found < 4 {
		t.Errorf("the pages have %d such blocks, want at least 4", found)
	}
}

// onTerminal returns the output of a command on a terminal.
func onTerminal(t *testing.T, call string) string {
	t.Helper()
	var out bytes.Buffer
	args := regexp.MustCompile(`'[^']*'|\S+`).FindAllString(call, -1)
	for i, arg := range args {
		args[i] = strings.Trim(arg, "'")
	}
	a := &app{stdout: &out, stderr: &out, format: report.Text, terminal: &terminal{out: &out, width: 100}}
	a.execute(t.Context(), args, strings.NewReader(""))
	return out.String()
}
