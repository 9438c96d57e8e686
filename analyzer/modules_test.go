//go:build linux

package analyzer_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var modules = flag.Bool("modules", false, "check public modules that serve HTTP, which takes a network and many minutes")

// publicModules serve HTTP and have no annotated resource.
var publicModules = []string{
	"connectrpc.com/connect@v1.19.0",
	"github.com/99designs/gqlgen@v0.17.80",
	"github.com/caddyserver/caddy/v2@v2.10.2",
	"github.com/danielgtaylor/huma/v2@v2.34.1",
	"github.com/emicklei/go-restful/v3@v3.13.0",
	"github.com/gin-gonic/gin@v1.12.0",
	"github.com/go-chi/chi/v5@v5.5.0",
	"github.com/go-kit/kit@v0.13.0",
	"github.com/go-oauth2/oauth2/v4@v4.5.4",
	"github.com/gorilla/mux@v1.8.1",
	"github.com/gorilla/websocket@v1.5.3",
	"github.com/grpc-ecosystem/grpc-gateway/v2@v2.27.2",
	"github.com/julienschmidt/httprouter@v1.3.0",
	"github.com/labstack/echo/v4@v4.13.4",
	"github.com/labstack/echo/v5@v5.4.4",
	"github.com/nats-io/nats-server/v2@v2.11.8",
	"github.com/ory/fosite@v0.49.0",
	"github.com/pocketbase/pocketbase@v0.29.3",
	"github.com/prometheus/pushgateway@v1.11.1",
	"github.com/tus/tusd/v2@v2.8.0",
	"github.com/urfave/negroni/v3@v3.1.1",
	"github.com/zitadel/oidc/v3@v3.51.17",
	"miniflux.app/v2@v2.2.12",
}

// TestModules runs webapi-vet over public modules. It must not fail, and report nothing
// where nothing is annotated. To run it over one:
//
//	go test ./analyzer -run TestModules/github.com/prometheus/pushgateway -modules -v -timeout 20m
func TestModules(t *testing.T) {
	if !*modules {
		t.Skip("without -modules")
	}
	tool := filepath.Join(t.TempDir(), "webapi-vet")
	if out, err := exec.Command("go", "build", "-o", tool, "../cmd/webapi-vet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, module := range publicModules {
		t.Run(module, func(t *testing.T) {
			dir := download(t, module)
			out, _ := run(t, dir, "go", "list", "./...")
			packages := strings.Count(out, "\n")
			start := time.Now()
			out, state := run(t, dir, tool, "./...")
			if out != "" {
				t.Errorf("it reports:\n%s", out)
			}
			usage := state.SysUsage().(*syscall.Rusage) // of the commands that it ran, too
			t.Logf("%d packages in %v, %d MB", packages, time.Since(start).Round(time.Millisecond), usage.Maxrss>>10)
		})
	}
}

// download returns the folder of a module.
func download(t *testing.T, module string) string {
	t.Helper()
	out, _ := run(t, t.TempDir(), "go", "mod", "download", "-json", module)
	var info struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &info); err != nil {
		t.Fatal(err)
	}
	return info.Dir
}

// run runs a command, and returns its output without the lines about downloads.
func run(t *testing.T, dir, name string, args ...string) (string, *os.ProcessState) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.Bytes())
	}
	output := string(out)
	for line := range strings.Lines(stderr.String()) {
		if !strings.HasPrefix(line, "go: downloading ") {
			output += line
		}
	}
	return output, cmd.ProcessState
}
