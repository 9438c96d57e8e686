package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// shown matches a block of docs/bazel.md. Its first line names it, if that is a comment, and else
// the language does.
var shown = regexp.MustCompile("(?s)<!-- checked by cmd/webapi-gen/bazel_linux_test.go -->\n```(\\w+)\n(?:# (\\S+)\n)?(.*?)```\n")

// onlyHits matches the summary of a run whose actions are all those of Bazel itself or in the cache.
var onlyHits = regexp.MustCompile(`INFO: \d+ processes: (\d+ remote cache hit, \d+ internal|\d+ internal, \d+ remote cache hit)\.`)

// withSpec has a package of which Bazel builds the guards and checks them, with a spec, a flag and
// the header of the module.
var withSpec = map[string]string{
	"BUILD.bazel":   `exports_files(["go.mod", "webapi.header"])`,
	"go.mod":        "module example.com/m\n",
	"webapi.header": "// Copyright 2026 The Authors.\n",
	"spec/api.yaml": "version: 1\npackage: spec\nresources: [{type: User, declare: true, methods: [GET]}]\n",
	"spec/BUILD.bazel": `load("//tools:webapi.bzl", "webapi_guards", "webapi_guards_test")

MODULE = ["//:go.mod", "//:webapi.header"]

webapi_guards(
    name = "guards",
    srcs = [],
    outs = ["user_webapi.go", "user_webapi_contract_test.go", "webapi_catalog.go"],
    args = ["--tests"],
    module = MODULE,
    spec = "api.yaml",
    tool = "//tools:webapi-gen",
)

webapi_guards_test(
    name = "guards_test",
    srcs = [":guards"],
    args = ["--tests"],
    module = MODULE,
    spec = "api.yaml",
    tool = "//tools:webapi-gen",
)
`,
}

// TestBazel builds what docs/bazel.md shows, with the package of example/notes.
func TestBazel(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Bazel twice")
	}
	if _, err := exec.LookPath("bazel"); err != nil {
		t.Skip(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	page := map[string]string{}
	for _, block := range shown.FindAllStringSubmatch(readFile(t, root, "docs/bazel.md"), -1) {
		if name := block[2]; name != "" {
			page[name] = block[3]
		} else {
			page[block[1]] = block[3]
		}
	}
	notes := files(t, filepath.Join(root, "example/notes"))
	guards := []string{"note_resource_webapi.go", "webapi_catalog.go"}
	w := newWorkspace(t, t.TempDir())
	tree := map[string]string{
		"WORKSPACE":         "",
		"tools/webapi.bzl":  readFile(t, root, "bazel/webapi.bzl"),
		"tools/BUILD.bazel": page["tools/BUILD.bazel"],
		"notes/BUILD.bazel": page["notes/BUILD.bazel"],
		"built/BUILD.bazel": page["built/BUILD.bazel"],
		"built/notes.go":    notes["notes.go"],
	}
	for _, name := range append(guards, "notes.go", "note_resource_webapi_contract_test.go") {
		tree["notes/"+name] = notes[name]
	}
	for name, text := range withSpec {
		tree[name] = text
	}
	for name, text := range tree {
		if text == "" && name != "WORKSPACE" {
			t.Fatalf("there is no text for %s", name)
		}
		writeFile(t, filepath.Join(w.dir, name), text)
	}
	build := exec.Command("sh", "-ec", strings.Replace(page["sh"], "tools/webapi-gen", w.dir+"/tools/webapi-gen", 1))
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, noCache := exec.LookPath("nginx")
	if noCache == nil {
		address := serveCache(t, page["nginx.conf"])
		writeFile(t, filepath.Join(w.dir, ".bazelrc"), strings.Replace(page[".bazelrc"], "127.0.0.1:8080", address, 1))
	}

	t.Run("sandbox", func(t *testing.T) {
		if output := w.bazel(t, 0, "//..."); !strings.Contains(output, "-sandbox") {
			t.Errorf("nothing ran in a sandbox:\n%s", output)
		}
		if built := readFile(t, w.dir, "bazel-bin/spec/user_webapi.go"); !strings.HasPrefix(built, withSpec["webapi.header"]) {
			t.Errorf("no header:\n%s", built)
		}
		for _, name := range guards {
			if diff := cmp.Diff(notes[name], readFile(t, w.dir, "bazel-bin/built", name)); diff != "" {
				t.Errorf("%s (-go generate +bazel):\n%s", name, diff)
			}
		}
	})
	t.Run("shared cache", func(t *testing.T) {
		if noCache != nil {
			t.Skip(noCache)
		}
		clone := newWorkspace(t, t.TempDir())
		for name := range tree {
			writeFile(t, filepath.Join(clone.dir, name), readFile(t, w.dir, name))
		}
		for _, name := range []string{".bazelrc", "tools/webapi-gen"} {
			writeFile(t, filepath.Join(clone.dir, name), readFile(t, w.dir, name))
		}
		if err := os.Chmod(filepath.Join(clone.dir, "tools/webapi-gen"), 0o777); err != nil {
			t.Fatal(err)
		}
		if output := clone.bazel(t, 0, "//..."); !onlyHits.MatchString(output) {
			t.Errorf("the second clone ran something:\n%s", output)
		}
	})
	t.Run("stale", func(t *testing.T) {
		stale := strings.Replace(notes["notes.go"], "methods=GET,POST,DELETE", "methods=GET,POST,PUT,DELETE", 1)
		writeFile(t, filepath.Join(w.dir, "notes/notes.go"), stale)
		writeFile(t, filepath.Join(w.dir, "notes/old_webapi.go"), strings.ReplaceAll(notes[guards[0]], "Note", "Old"))
		output := w.bazel(t, 3, "//notes:guards_test")
		for line := range strings.Lines(page["text"]) {
			if !strings.Contains(output, line) {
				t.Errorf("no line is %q:\n%s", line, output)
			}
		}
	})
	t.Run("outs", func(t *testing.T) {
		wrong := strings.Replace(page["built/BUILD.bazel"], `"note_resource_webapi.go", `, "", 1)
		writeFile(t, filepath.Join(w.dir, "built/BUILD.bazel"), wrong)
		if output := w.bazel(t, 1, "//..."); page["console"] == "" || !strings.Contains(output, page["console"]) {
			t.Errorf("got\n%s\nwant\n%s", output, page["console"])
		}
	})
}

// A workspace is a folder in which Bazel runs.
type workspace struct {
	dir     string
	startup []string // the first arguments of each call
}

// newWorkspace returns an empty workspace. The server of Bazel ends with the test.
func newWorkspace(t *testing.T, home string) workspace {
	w := workspace{filepath.Join(home, "workspace"), []string{
		"--nohome_rc", "--max_idle_secs=60", "--host_jvm_args=-XX:TieredStopAtLevel=1", // half the time for short runs
		"--output_user_root=" + filepath.Join(home, "outputs"),
	}}
	writeFile(t, filepath.Join(w.dir, "WORKSPACE"), "")
	t.Cleanup(func() {
		if out, err := w.command("shutdown").CombinedOutput(); err != nil {
			t.Errorf("bazel shutdown: %v\n%s", err, out)
		}
	})
	return w
}

func (w workspace) command(args ...string) *exec.Cmd {
	cmd := exec.Command("bazel", append(w.startup, args...)...)
	cmd.Dir = w.dir
	return cmd
}

// bazel builds the targets and runs their tests, and returns the output. Bazel must end with the code.
func (w workspace) bazel(t *testing.T, code int, targets string) string {
	t.Helper()
	// Before any test, Bazel would download what measures coverage.
	coverage := filepath.Join(w.dir, "..", "coverage")
	writeFile(t, filepath.Join(coverage, "WORKSPACE"), "")
	writeFile(t, filepath.Join(coverage, "BUILD"), `filegroup(name = "coverage_report_generator", visibility = ["//visibility:public"])`)
	start := time.Now()
	// Bazel writes the report of a test in an action of its own. The seconds that the test took are in
	// its command line, and 0 if its result was in the cache: the report of a slow test is never there.
	cmd := w.command("test", "--noshow_progress", "--color=no", "--spawn_strategy=sandboxed", "--nosandbox_debug",
		"--test_output=errors", "--noexperimental_split_xml_generation", "--override_repository=remote_coverage_tools="+coverage, targets)
	out, err := cmd.CombinedOutput()
	t.Logf("bazel test %s takes %v", targets, time.Since(start).Round(100*time.Millisecond))
	if cmd.ProcessState.ExitCode() != code {
		t.Fatalf("bazel test %s: %v, want exit status %d\n%s", targets, err, code, out)
	}
	return string(out)
}

// serveCache runs nginx with a server, which the page shows, until the test ends, and
// returns its address.
func serveCache(t *testing.T, server string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	dir := t.TempDir()
	server = strings.NewReplacer("127.0.0.1:8080", address, "/var/cache/bazel", dir+"/cache").Replace(server)
	writeFile(t, filepath.Join(dir, "nginx.conf"), "daemon off;\nmaster_process off;\npid pid;\nevents {}\nhttp {\naccess_log off;\n"+
		"client_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\nuwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\n"+server+"}\n")
	if err := os.Mkdir(filepath.Join(dir, "cache"), 0o777); err != nil {
		t.Fatal(err)
	}
	nginx := exec.Command("nginx", "-p", dir, "-e", "errors", "-c", "nginx.conf")
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		nginx.Process.Kill()
		nginx.Wait()
	})
	for range 100 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("nginx does not answer: %s", readFile(t, dir, "errors"))
	return ""
}

func readFile(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
