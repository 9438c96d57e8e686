package golden

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// TestSamples checks that the sample of each directive and key is right, and
// that it gives the same bytes as annotations and as a spec.
func TestSamples(t *testing.T) {
	for _, d := range annotations.Directives() {
		sample, ok := annotations.DirectiveSample(d.Name)
		checkSample(t, "directive "+d.Name, "//webapi:"+d.Name, sample, ok)
		for _, k := range d.Keys {
			sample, ok := annotations.KeySample(k.Name)
			checkSample(t, "key "+k.Name, k.Name+"=", sample, ok)
		}
	}
	checkSample(t, "operation", "POST/archive", annotations.OperationSample(), true)
}

// TestSpecSample checks that the sample of a spec is right and has all entries.
func TestSpecSample(t *testing.T) {
	sample := annotations.SpecSample()
	dir := newModule(t)
	writeFiles(t, dir, sample.Spec)
	checkNote(t, sample.Note, outputsOf(t, dir))
	text := sample.Spec[len(sample.Spec)-1].Text
	resource, _ := annotations.FindDirective(annotations.DirectiveResource)
	for _, k := range slices.Concat(annotations.SpecEntries(), annotations.ResourceEntries()) {
		if _, isKey := annotations.FindKey(resource.Keys, k.Name); !isKey && k.Name != annotations.EntryDir && !strings.Contains(text, k.Name+": ") && !strings.Contains(text, k.Name+":\n") {
			t.Errorf("the sample of a spec has no entry %s", k.Name)
		}
	}
}

func checkSample(t *testing.T, what, shown string, sample annotations.Sample, ok bool) {
	t.Run(what, func(t *testing.T) {
		if !ok || sample.Note == "" || len(sample.Annotated) != 1 || !strings.Contains(sample.Annotated[0].Text, shown) {
			t.Fatalf("there is no sample of the %s", what)
		}
		dir := newModule(t)
		writeFiles(t, dir, sample.Annotated)
		annotated := outputsOf(t, dir)
		checkNote(t, sample.Note, annotated)
		if sample.Spec == nil {
			if len(annotated) > 0 {
				t.Error("the sample is not there as a spec")
			}
			return
		}
		plain := sample.Annotated[0]
		plain.Text = regexp.MustCompile(`(?m)^//webapi:.*\n`).ReplaceAllString(plain.Text, "")
		dir = newModule(t)
		writeFiles(t, dir, append(sample.Spec, plain))
		if diff := cmp.Diff(annotated, outputsOf(t, dir)); diff != "" {
			t.Errorf("annotations and spec differ (-annotations +spec):\n%s", diff)
		}
	})
}

// checkNote checks that the scopes of which the note on a sample speaks are those
// of its outputs.
func checkNote(t *testing.T, note string, outputs map[string]string) {
	t.Helper()
	all := strings.Join(slices.Collect(maps.Values(outputs)), "")
	for _, scope := range regexp.MustCompile(`\b[a-z]+:[a-z]+\b`).FindAllString(note, -1) {
		if !strings.Contains(all, strconv.Quote(scope)) {
			t.Errorf("the note speaks of the scope %s, which the outputs do not have", scope)
		}
	}
}

// outputsOf returns the outputs of the package in dir.
func outputsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	result := mustGenerate(t, dir, "")
	outputs := map[string]string{}
	for _, f := range result.Files {
		outputs[f.Path] = string(f.Content)
	}
	return outputs
}
