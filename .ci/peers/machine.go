package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// machine says where and when this was measured, and what.
func (l *lab) machine(ctx context.Context) (string, error) {
	versions, err := l.versions(ctx)
	if err != nil {
		return "", err
	}
	// The go command that builds is not always the one that built this.
	compiler, err := output(ctx, l.root, []string{"GOWORK=off"}, "go", "env", "GOVERSION")
	if err != nil {
		return "", err
	}
	where := "in memory"
	if !l.inMemory() {
		where = "on a disk, for there is no " + memory
	}
	return fmt.Sprintf("Measured on %s on %s with %d cores and %s, %s, %s, with files %s. The load was %s before. Figures are medians of %d runs in turn, or more where they are short; ratios are of figures before they are rounded; what takes over %.0f s is run once.\n\nPeers: %s.\n",
		time.Now().UTC().Format(time.DateOnly), field("/proc/cpuinfo", "model name", runtime.GOARCH), runtime.NumCPU(),
		mainMemory(), system(), strings.TrimSpace(string(compiler)), where, l.load, l.runs, onceLimit.Seconds(), strings.Join(versions, ", ")), nil
}

// versions returns the peers with the versions that are in their programs.
func (l *lab) versions(ctx context.Context) ([]string, error) {
	var versions []string
	for _, t := range tools() {
		if t.name == ours {
			continue
		}
		info, err := buildinfo.ReadFile(l.bin(t.name))
		if err != nil {
			return nil, err
		}
		versions = append(versions, t.name+" "+info.Main.Version)
	}
	// A test's program does not have them.
	modules, err := output(ctx, l.peers(), []string{"GOWORK=off"}, "go", "list", "-m", "-f", "{{.Path}} {{.Version}}",
		"github.com/oapi-codegen/nethttp-middleware", "goa.design/goa/v3", "github.com/ory/fosite", "github.com/casbin/casbin/v3", "github.com/pb33f/libopenapi")
	if err != nil {
		return nil, err
	}
	return append(versions, strings.Split(strings.TrimSpace(string(modules)), "\n")...), nil
}

// system returns the name of the operating system.
func system() string {
	name := strings.Trim(field("/etc/os-release", "PRETTY_NAME", runtime.GOOS), `"`)
	return name + " (" + runtime.GOOS + "/" + runtime.GOARCH + ")"
}

func mainMemory() string {
	kib, err := strconv.ParseFloat(strings.TrimSuffix(field("/proc/meminfo", "MemTotal", ""), " kB"), 64)
	if err != nil {
		return "memory of unknown size"
	}
	return number(kib/(1<<20)) + " GiB"
}

// load returns how many processes have been running in the last minute, which
// had better be none.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	average, _, _ := strings.Cut(string(data), " ")
	return average
}

// field returns a value of a file of the system that has one on each line, or
// what there is otherwise, as on systems without the file.
func field(name, key, otherwise string) string {
	data, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		return otherwise
	}
	for line := range strings.Lines(string(data)) {
		if i := strings.IndexAny(line, ":="); i >= 0 && strings.TrimSpace(line[:i]) == key {
			return strings.TrimSpace(line[i+1:])
		}
	}
	return otherwise
}
