package change_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/internal/change"
)

// TestUnguarded removes resources, and leaves their types in the source or not.
func TestUnguarded(t *testing.T) {
	const note = "api.Note GET oauth2 note:read\nresource api.Note name=note policy=note key=-\n"
	const task = "api.Task GET oauth2 task:read\nresource api.Task name=task policy=task key=-\n"
	const movedTask = "v2.Task GET oauth2 task:read\nresource v2.Task name=task policy=task key=-\n"
	const noteGone = "[removed] api.Note GET\n"
	const taskMayBeNote = "[widened] v2.Task GET\n\ta token with task:read alone could not GET, now can\n"
	in := func(where string) string {
		return "[unguarded widened] resource api.Note\n\ttype Note without a guard: " + where + "\n"
	}
	const source = "-- api/a.go --\npackage api\n\ntype Note struct{}\n\ntype Task struct{}\n"
	for _, tt := range []struct{ name, before, after, old, now, want string }{
		{"type gone", note + task, task, source, "-- api/a.go --\npackage api\n\ntype Task struct{}\n", noteGone},
		{"type there", note + task, task, source, source, in("api/a.go:3") + noteGone},
		{"nothing left", note, "", source, source, in("api/a.go:3") + noteGone},
		{"old side a lock file", note, "", "", source, in("api/a.go:3") + noteGone},
		{"in another file", note, "", source, "-- api/z.go --\npackage api\n\ntype (\n\tNote struct{}\n)\n", in("api/z.go:4") + noteGone},
		{"in a file of another build", note, "", source, "-- api/z.go --\n//go:build ignore\n\npackage api\n\ntype Note struct{}\n", in("api/z.go:5") + noteGone},
		{"generic", note, "", source, "-- api/z.go --\npackage api\n\ntype Note[T any] struct{}\n", in("api/z.go:3") + noteGone},
		{"in a test", note, "", source, "-- api/z_test.go --\npackage api\n\ntype Note struct{}\n", noteGone},
		{"in a function", note, "", source, "-- api/z.go --\npackage api\n\nfunc f() {\n\ttype Note struct{}\n}\n", noteGone},
		{"in testdata", note, "", source, "-- api/testdata/z.go --\npackage api\n\ntype Note struct{}\n", noteGone},
		{
			"after a line directive", note, "", source, "-- api/a.go --\npackage api\n\n//line b.go:70\ntype Note struct{}\n",
			in("api/a.go:4") + noteGone,
		},
		{"alias of a type without a guard", note, "", source, "-- api/a.go --\npackage api\n\ntype Note = note\n\ntype note struct{}\n", in("api/a.go:3") + noteGone},
		{
			"alias of a resource", note, strings.ReplaceAll(note, "api.Note", "api.Memo"), source,
			"-- api/a.go --\npackage api\n\ntype Memo struct{}\n\ntype Note = Memo\n", "[renamed] resource api.Memo\n",
		},
		{
			"annotation on another type", note, strings.ReplaceAll(note, "api.Note", "api.Guard"), source,
			"-- api/a.go --\npackage api\n\ntype Guard struct{}\n\ntype Note struct{}\n", in("api/a.go:5") + "[renamed] resource api.Guard\n",
		},
		{
			"package moved", note + task, movedTask, source,
			"-- v2/a.go --\npackage v2\n\ntype Note struct{}\n\ntype Task struct{}\n", in("v2/a.go:3") + taskMayBeNote + noteGone + "[renamed] resource v2.Task\n",
		},
		{
			"package moved, old side a lock file", note + task, movedTask, "",
			"-- v2/a.go --\npackage v2\n\ntype Note struct{}\n\ntype Task struct{}\n", in("v2/a.go:3") + taskMayBeNote + noteGone + "[renamed] resource v2.Task\n",
		},
		{"package moved without any guard", note, "", source, "-- v2/a.go --\npackage v2\n\ntype Note struct{}\n", in("v2/a.go:3") + noteGone},
		{
			"alias of what was moved", note, strings.ReplaceAll(note, "api.Note", "v2.Note"), source,
			"-- v2/a.go --\npackage v2\n\ntype Note struct{}\n-- api/a.go --\npackage api\n\nimport \"example.com/v2\"\n\ntype Note = v2.Note\n",
			"[renamed] resource v2.Note\n",
		},
		{
			"alias of what is not that which was moved", note, strings.ReplaceAll(note, "api.Note", "v2.Note"), source,
			"-- v2/a.go --\npackage v2\n\ntype Note struct{}\n-- api/a.go --\npackage api\n\nimport v2 \"example.com/v3\"\n\ntype Note = v2.Note\n",
			in("api/a.go:5") + "[renamed] resource v2.Note\n",
		},
		{
			"another type of the name that was there", note, "", source + "-- store/s.go --\npackage store\n\ntype Note struct{}\n",
			"-- store/s.go --\npackage store\n\ntype Note struct{}\n", noteGone,
		},
		{
			"public", note, "public api.Note for all", source, source,
			"[unguarded widened anonymous added] public api.Note\n" + noteGone,
		},
		{"new side a lock file", note, "", source, "", noteGone + "unknown api.Note\n"},
		{"file with a syntax error", note, "", source, source + "-- x/x.go --\npackage x\n\nfunc {\n", in("api/a.go:3") + noteGone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := change.Side{Packages: parse(t, tt.before), Source: files(tt.old)}
			after := change.Side{Packages: parse(t, tt.after), Source: files(tt.now)}
			r, err := change.Compare(t.Context(), before, after)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, describe(r)); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			for _, c := range r.Changes {
				if c.Has(change.Unguarded) && !r.Has([]change.Label{change.Widened}) {
					t.Error("unguarded, and not widened")
				}
			}
		})
	}
}

func files(archive string) fs.FS {
	if archive == "" {
		return nil
	}
	tree := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		tree[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return tree
}
