package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A commit is a step of a history: an edit of api/notes.go, and the output of diff.
type commit struct{ old, new, want string }

// history begins with the package notes in api/notes.go.
var history = []commit{
	{
		"//webapi:resource\n", "//webapi:resource methods=GET,POST,DELETE\n",
		"removed: api.NoteResource OPTIONS\n  - oauth2 note:read\nremoved: api.NoteResource PATCH\n  - oauth2 note:write\n" +
			"removed: api.NoteResource PUT\n  - oauth2 note:write\n3 changes: 3 removed\n",
	},
	{
		"DELETE\n", "DELETE\n//webapi:require DELETE note:destroy note:write\n",
		"narrowed: api.NoteResource DELETE\n  - oauth2 note:destroy\n  + oauth2 note:destroy + note:write\n" +
			"    a token with note:destroy alone could DELETE, now cannot\n1 change: 1 narrowed\n",
	},
	{
		"note:destroy note:write\n", "note:destroy\n//webapi:require DELETE note:write\n",
		"widened: api.NoteResource DELETE\n  - oauth2 note:destroy + note:write\n  + oauth2 note:destroy or note:write\n" +
			"    a token with note:destroy alone could not DELETE, now can\n1 change: 1 widened\n",
	},
	{
		"//webapi:require DELETE note:destroy\n//webapi:require DELETE note:write\n", "//webapi:require DELETE note:write\n//webapi:require DELETE note:destroy\n",
		"no change of who may do what\n",
	},
	{
		"methods=GET,POST,DELETE\n", "methods=GET,POST,DELETE anonymous=GET\n",
		"widened, anonymous: api.NoteResource GET\n  - oauth2 note:read\n  + anonymous,oauth2 note:read\n" +
			"    a request without credentials could not GET, now can\n1 change: 1 widened, 1 anonymous\n",
	},
	{
		"methods=GET,POST,DELETE anonymous=GET\n", "methods=GET,POST,DELETE scope=memo anonymous=GET\n//webapi:describe read See your notes\n",
		"widened, narrowed, renamed: api.NoteResource DELETE\n  - oauth2 note:destroy or note:write\n  + oauth2 memo:destroy or memo:write\n" +
			"    a token with memo:destroy alone could not DELETE, now can\n    a token with note:destroy alone could DELETE, now cannot\n" +
			"widened, narrowed, renamed: api.NoteResource GET\n  - anonymous,oauth2 note:read\n  + anonymous,oauth2 memo:read\n" +
			"    a token with memo:read alone could not GET, now can\n    a token with note:read alone could GET, now cannot\n" +
			"widened, narrowed, renamed: api.NoteResource POST\n  - oauth2 note:write\n  + oauth2 memo:write\n" +
			"    a token with memo:write alone could not POST, now can\n    a token with note:write alone could POST, now cannot\n" +
			"renamed: scope memo:destroy\n  - note:destroy\n  + memo:destroy\nrenamed: scope memo:read\n  - note:read\n  + memo:read See your notes\n" +
			"renamed: scope memo:write\n  - note:write\n  + memo:write\n6 changes: 3 widened, 3 narrowed, 6 renamed\n",
	},
	{
		"See your notes", "See all your notes",
		"text: scope memo:read\n  - memo:read See your notes\n  + memo:read See all your notes\n1 change: 1 text\n",
	},
	{
		"type NoteResource", "type MemoResource",
		"renamed: resource api.MemoResource\n  - resource api.NoteResource name=note policy=note key=- NoteResource serves /notes.\n" +
			"  + resource api.MemoResource name=memo policy=memo key=- NoteResource serves /notes.\n1 change: 1 renamed\n",
	},
	{
		"//webapi:resource methods=GET,POST,DELETE scope=memo anonymous=GET\n//webapi:describe read See all your notes\n" +
			"//webapi:require DELETE memo:write\n//webapi:require DELETE memo:destroy\n",
		"//webapi:resource methods=GET,POST,DELETE oauth2=deny apitokens=allow\n",
		"widened, narrowed, closed: api.MemoResource DELETE\n  - oauth2 memo:destroy or memo:write\n  + apitokens\n" +
			"    an API token whose policy allows it could not DELETE, now can\n    a token with memo:destroy alone could DELETE, now cannot\n" +
			"widened, narrowed, closed: api.MemoResource GET\n  - anonymous,oauth2 memo:read\n  + apitokens\n" +
			"    a request without credentials could GET, now cannot\n    an API token whose policy allows it could not GET, now can\n" +
			"    a token with memo:read alone could GET, now cannot\n" +
			"widened, narrowed, closed: api.MemoResource POST\n  - oauth2 memo:write\n  + apitokens\n" +
			"    an API token whose policy allows it could not POST, now can\n    a token with memo:write alone could POST, now cannot\n" +
			"removed: scope memo:destroy\n  - memo:destroy\nremoved: scope memo:read\n  - memo:read See all your notes\n" +
			"removed: scope memo:write\n  - memo:write\n6 changes: 3 widened, 3 narrowed, 3 closed, 3 removed\n",
	},
}

// TestDiffOverHistory compares each of ten commits with the one before, by its git
// revision. Neither the work tree nor the index may change.
func TestDiffOverHistory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	t.Chdir(t.TempDir())
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		t.Setenv(name, value)
	}
	runGit(t, "init", "-q", "-b", "main")
	text := strings.Replace(notes, "package notes", "package api", 1)
	writeFile(t, "go.mod", "module example.com/notes\n\ngo 1.26\n")
	save(t, text, "0")
	for i, c := range history {
		if strings.Count(text, c.old) != 1 {
			t.Fatalf("step %d: the text has %q not once:\n%s", i, c.old, text)
		}
		if text = strings.Replace(text, c.old, c.new, 1); strings.Contains(c.new, "scope=memo") {
			text = strings.ReplaceAll(text, "note:", "memo:")
		}
		save(t, text, fmt.Sprint(i+1))
	}
	writeFile(t, "api/notes.go", "package broken(")
	before := runGit(t, "status", "--porcelain")
	const noRoutes = "webapi-gen: routes are not compared: neither side has a webapi.lock with lines of them, which webapi-gen lock writes\n"
	for i, c := range history {
		got := runCall(fmt.Sprintf("diff HEAD~%d HEAD~%d", len(history)-i, len(history)-i-1))
		if diff := cmp.Diff(call{args: got.args, stdout: c.want, stderr: noRoutes}, got, cmp.AllowUnexported(call{})); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
	}
	if diff := cmp.Diff(before, runGit(t, "status", "--porcelain")); diff != "" {
		t.Errorf("git status (-before +after):\n%s", diff)
	}
	if got := runCall("diff HEAD~1 HEAD --fail-on narrowed,widened"); got.code != exitWrongInput ||
		got.stderr != noRoutes+"webapi-gen: a change has a label of --fail-on narrowed,widened\n" {
		t.Errorf("--fail-on: %+v", got)
	}
}

func save(t *testing.T, text, message string) {
	t.Helper()
	writeFile(t, "api/notes.go", text)
	runGit(t, "add", ".")
	runGit(t, "commit", "-q", "-m", message)
}

func runGit(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("git", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
