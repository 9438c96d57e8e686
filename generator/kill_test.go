package generator_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/generator"
)

// childDir is the variable that makes the test binary a run of the generator in
// a folder, which can be killed.
const childDir = "WEBAPI_GEN_TEST_DIR"

func TestMain(m *testing.M) {
	dir := os.Getenv(childDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	result, err := generator.Generate(context.Background(), generator.Config{
		Dir:      dir,
		Patterns: []string{"./..."},
	})
	if err == nil {
		os.Stdout.WriteString("w")
		err = result.Write()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// A world is a folder whose input has two states, with what the outputs must be
// in each.
type world struct {
	dir    string
	inputs [2]tree
	wanted [2]tree // inputs and outputs
}

// newWorld makes a world with n resources in each of some folders. All outputs
// differ between the states, and one is there in the second only.
func newWorld(t *testing.T, n int, folders ...string) *world {
	t.Helper()
	w := &world{dir: memoryFolder(t)}
	for _, folder := range folders {
		writeInput(t, filepath.Join(w.dir, folder), n)
	}
	w.inputs[0], w.inputs[1] = readTree(t, w.dir), tree{}
	for name, text := range w.inputs[0] {
		w.inputs[1][name] = strings.ReplaceAll(text, "key=id", "key=ref")
	}
	w.inputs[0]["a/api00/more.go"] = "package api00\n"
	w.inputs[1]["a/api00/more.go"] = "package api00\n\n//webapi:resource\ntype More struct{}\n"
	for state := range w.inputs {
		w.to(t, state)
		generateAndWrite(t, w.dir, "./...")
		w.wanted[state] = readTree(t, w.dir)
	}
	return w
}

// add adds a file to both states.
func (w *world) add(t *testing.T, name, text string) {
	t.Helper()
	writeTree(t, w.dir, tree{name: text})
	for state := range w.inputs {
		w.inputs[state][name], w.wanted[state][name] = text, text
	}
}

// to gives the input one of its states.
func (w *world) to(t *testing.T, state int) {
	t.Helper()
	writeTree(t, w.dir, w.inputs[state])
}

// A child is a run in a process of its own.
type child struct {
	*exec.Cmd
	stdout io.Reader // has a byte as soon as Write is called
}

func (w *world) start(t *testing.T) child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+w.dir, "GOGC=400")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return child{cmd, stdout}
}

// untilItWrites waits until Write is called, or the process ends.
func (c child) untilItWrites() { c.stdout.Read(make([]byte, 1)) }

// finish waits for the end, which must be a good one.
func (c child) finish(t *testing.T) {
	t.Helper()
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
}

// mustBe fails unless all files are as they must be in a state, and there are no
// others.
func (w *world) mustBe(t *testing.T, state int) {
	t.Helper()
	got := readTree(t, w.dir)
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if text, ok := w.wanted[state][name]; !ok || got[name] != text {
			t.Fatalf("%s is wrong or should not be there", name)
		}
	}
	if len(got) != len(w.wanted[state]) {
		t.Fatalf("%d files, want %d", len(got), len(w.wanted[state]))
	}
}

// mustBeOldOrNew fails unless each file is as it must be in one of the states. It
// returns the files without the inputs.
func (w *world) mustBeOldOrNew(t *testing.T) tree {
	t.Helper()
	got := readTree(t, w.dir)
	for name := range w.inputs[0] {
		delete(got, name)
	}
	for name, text := range got {
		first, inFirst := w.wanted[0][name]
		second, inSecond := w.wanted[1][name]
		if !isTemporary(name) && !(inFirst && text == first) && !(inSecond && text == second) {
			t.Fatalf("%s is neither the old file nor the new one, but %d bytes:\n%s", name, len(text), text)
		}
	}
	for name := range w.wanted[0] {
		if _, there := got[name]; !there && w.inputs[0][name] == "" {
			t.Fatalf("%s is not there any more", name) // all outputs of the first state are in the second
		}
	}
	return got
}

func isTemporary(name string) bool { return strings.HasPrefix(filepath.Base(name), ".webapi-gen-") }

// Most of the kills hit at any moment of a run, and every third while it writes,
// which is a small part of it. Where runs are slow, as under the race detector,
// there are fewer.
func TestKilledAtAnyMoment(t *testing.T) {
	kills, resources := 200, 1000
	if testing.Short() {
		kills, resources = 5, 100
	}
	w := newWorld(t, resources, "a")
	took, wrote := w.durations(t)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	hits := map[string]int{}
	before := w.mustBeOldOrNew(t)
	start := time.Now()
	for i := range kills {
		if time.Since(start) > 40*time.Second {
			kills = i
			break
		}
		state := w.toNext(t, before)
		c := w.start(t)
		if i%3 > 0 {
			time.Sleep(time.Duration(random.Int64N(int64(took))))
		} else {
			c.untilItWrites()
			time.Sleep(time.Duration(random.Int64N(int64(wrote))))
		}
		c.Process.Kill()
		c.Wait()
		after := w.mustBeOldOrNew(t)
		hits[w.phase(state, before, after)]++
		if i%20 == 19 {
			w.start(t).finish(t)
			w.mustBe(t, state)
			after = w.mustBeOldOrNew(t)
		}
		before = after
	}
	t.Logf("a run takes %v and writes for %v of it; of %d kills, %d hit before it wrote, %d meanwhile and %d after (seed %d)",
		took, wrote, kills, hits["before"], hits["during"], hits["after"], seed)
	if min(hits["before"], hits["during"]) < kills/20 {
		t.Errorf("the kills hit too few phases: %v", hits)
	}
}

// durations returns how long a run takes that writes all files, and how much of
// it is left when the first is written.
func (w *world) durations(t *testing.T) (all, writing time.Duration) {
	t.Helper()
	var alls, writings []time.Duration
	for i := range 7 {
		w.to(t, i%2)
		start := time.Now()
		c := w.start(t)
		c.untilItWrites()
		first := time.Now()
		c.finish(t)
		alls, writings = append(alls, time.Since(start)), append(writings, time.Since(first))
	}
	slices.Sort(alls)
	slices.Sort(writings)
	return alls[3], writings[3]
}

// toNext gives the input the state that the outputs have not, so that a run has
// files to write. It returns it.
func (w *world) toNext(t *testing.T, outputs tree) int {
	t.Helper()
	state := rand.IntN(2)
	if w.isDone(outputs, state) {
		state = 1 - state
	}
	w.to(t, state)
	return state
}

// isDone reports whether outputs are all those of a state.
func (w *world) isDone(outputs tree, state int) bool {
	for name, text := range outputs {
		if want, ok := w.wanted[state][name]; !ok || text != want {
			return false
		}
	}
	return len(outputs) == len(w.wanted[state])-len(w.inputs[state])
}

// phase returns which part of a run was hit, by what it left.
func (w *world) phase(state int, before, after tree) string {
	switch {
	case maps.Equal(before, after):
		return "before"
	case w.isDone(after, state):
		return "after"
	}
	return "during"
}

// Runs at the same time do not disturb each other, whether they find the
// outputs of before, a killed run's temporary files, or nothing.
func TestRunsAtTheSameTime(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 1
	}
	for _, runs := range []int{2, 8} {
		t.Run(fmt.Sprint(runs), func(t *testing.T) {
			w := newWorld(t, 60, "a", "b", "c")
			if runs == 8 {
				w.add(t, "go.mod", "module m\n") // one lock for all folders
			}
			for round := range rounds {
				state := round % 2
				w.to(t, state)
				if round%4 >= 2 {
					w.removeOutputs(t)
				}
				writeTree(t, w.dir, tree{"a/api00/.webapi-gen-1.tmp": "cut o", "b/api00/.webapi-gen-2.tmp": ""})
				var children []child
				for range runs {
					children = append(children, w.start(t))
				}
				for _, c := range children {
					c.finish(t)
				}
				w.mustBe(t, state)
			}
		})
	}
}

func (w *world) removeOutputs(t *testing.T) {
	t.Helper()
	for name := range readTree(t, w.dir) {
		if _, input := w.inputs[0][name]; !input {
			if err := os.Remove(filepath.Join(w.dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
}
