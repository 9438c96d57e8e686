package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/webapi-gen/webapi-gen/peers/input"
	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// A lab is where everything is measured: the repository, the programs that are
// built, and a folder in memory for the inputs.
type lab struct {
	options
	root string // the repository
	dir  string
	env  []string // of every go command that is measured, or that a peer starts
	load string   // of the machine before all

	measured benchmarks // once they have run
}

func newLab(o options) (*lab, error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	l := &lab{options: o, root: root, load: load()}
	if _, err := os.Stat(l.page()); err != nil {
		return nil, fmt.Errorf("not in .ci/peers of a clone: %w", err)
	}
	parent := ""
	if info, err := os.Stat(memory); err == nil && info.IsDir() {
		parent = memory
	}
	if l.dir, err = os.MkdirTemp(parent, "webapi-gen-peers-"); err != nil {
		return nil, err
	}
	// Neither a workspace nor the network is to be looked for.
	l.env = []string{"GOWORK=off", "GOPROXY=off", "GOFLAGS=-mod=mod"}
	return l, nil
}

const memory = "/dev/shm"

func (l *lab) inMemory() bool { return filepath.Dir(l.dir) == memory }

func (l *lab) close() {
	if err := os.RemoveAll(l.dir); err != nil {
		l.say("%v", err)
	}
}

func (l *lab) page() string { return filepath.Join(l.root, "docs", "performance.md") }

func (l *lab) peers() string { return filepath.Join(l.root, ".ci", "peers") }

func (l *lab) bin(name string) string { return filepath.Join(l.dir, "bin", name) }

func (l *lab) say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// often returns how often webapi-gen and what it is compared with are run with so many
// resources: what takes little time varies more from run to run.
func (l *lab) often(resources int) int {
	switch {
	case resources <= 10:
		return max(20, 10*l.runs)
	case resources <= 1000:
		return 5 * l.runs
	}
	return 2 * l.runs
}

// size returns the size that a target speaks of if it is to be measured, else
// the largest smaller one, else the smallest there is.
func (l *lab) size(wanted int) int {
	i, found := slices.BinarySearch(l.sizes, wanted)
	if !found && i > 0 {
		i--
	}
	return l.sizes[i]
}

// sizesFrom returns the sizes between two, or the nearest one if there is none.
func (l *lab) sizesFrom(low, high int) []int {
	var sizes []int
	for _, n := range l.sizes {
		if low <= n && n <= high {
			sizes = append(sizes, n)
		}
	}
	if sizes == nil {
		return []int{l.size(high)}
	}
	return sizes
}

// build builds all programs.
func (l *lab) build(ctx context.Context) error {
	l.say("building the tools")
	bin := l.bin("") + string(filepath.Separator)
	type build struct {
		dir  string
		args []string
	}
	builds := []build{
		{l.root, []string{"build", "-o", bin, "./cmd/webapi-gen", "./cmd/webapi-vet"}},
		{filepath.Join(l.root, "cmd", "webapi-import"), []string{"build", "-o", bin, "."}},
		{filepath.Join(l.root, "webapi"), []string{"test", "-c", "-o", l.bin("webapi.test"), "."}},
		{l.peers(), []string{"build", "-o", bin, "tool"}},
		{l.peers(), []string{"build", "-o", bin, "./floor", "./empty", "./openapi"}},
		{l.peers(), []string{"test", "-c", "-o", l.bin("checks.test"), "./checks"}},
		// What the servers import is downloaded now: they are built without the network.
		{l.peers(), []string{"build", "-tags=runtimes", "-o", os.DevNull, "."}},
	}
	for _, a := range adapters {
		builds = append(builds, build{l.adapter(a), []string{"test", "-c", "-o", l.bin(a + ".test"), "."}})
	}
	for _, c := range builds {
		if _, err := output(ctx, c.dir, []string{"GOWORK=off"}, "go", c.args...); err != nil {
			return err
		}
	}
	return nil
}

// output runs a command that is not measured and returns what it prints.
func output(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	data, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w\n%s%s", err, data, exit.Stderr)
		}
		return nil, fmt.Errorf("%v in %s: %w", cmd.Args, dir, err)
	}
	return data, nil
}

// input returns the folder of an API in one form, which is written if it is not
// there.
func (l *lab) input(form string, n int) (string, error) {
	dir := filepath.Join(l.dir, fmt.Sprintf("%s-%d", form, n))
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	return dir, input.Write(form, dir, n)
}

// inTurn measures cases and says how they did.
func (l *lab) inTurn(ctx context.Context, runs int, cases ...measure.Case) ([]measure.Result, error) {
	limit := measure.Limit{Time: timeLimit, Once: onceLimit}
	results, err := measure.InTurn(ctx, limit, runs, cases...)
	for _, r := range results {
		l.say("  %-28s %9s %9s", r.Name, wall(r), memorySize(r))
	}
	return results, err
}
