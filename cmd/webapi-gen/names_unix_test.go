//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No output has the control characters of a name of a file or of an argument.
func TestControlCharacters(t *testing.T) {
	const name = "x\x1b[31m\n::error::\u202e"
	dir := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Join(dir, name), 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module m\n\ngo 1.26\n")
	write(filepath.Join(name, "a.go"), "package a\n\n//webapi:resource methods=GET\ntype A struct{}\n")
	t.Chdir(dir)
	for _, args := range []string{
		"check --format=github ./...", "check --format=text", "check --format=json", "check --format=sarif", "check --diff ./...", "-v ./...", "list", "list --json",
		"check", "NAME", "NAME.go", "--spec=NAME", "--dir=NAME/NAME", "--NAME", "help NAME", "NAME/NAME", "explain NAME", "--lint=NAME",
		"list --resource=NAME", "list --route=/NAME", "list --route=NAME", "needs NAME", "diff --fail-on=NAME HEAD", "init NAME/NAME",
	} {
		var words []string
		for _, word := range strings.Fields(args) {
			words = append(words, strings.ReplaceAll(word, "NAME", name))
		}
		var stdout, stderr strings.Builder
		run(words, strings.NewReader(""), &stdout, &stderr)
		for _, out := range []string{stdout.String(), stderr.String()} {
			if strings.ContainsAny(out, "\x1b\u202e") || strings.Contains(out, "\n::error::") {
				t.Errorf("%s prints %q", args, out)
			}
		}
	}
}
