package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// A screen is a terminal and what is written to it.
type screen struct {
	tty    *os.File
	master *os.File
	text   chan string
}

// newScreen opens a pseudo-terminal that has so many columns.
func newScreen(t *testing.T, columns uint16) *screen {
	t.Helper()
	fail := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	fail(unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	fail(err)
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	fail(err)
	fail(unix.IoctlSetWinsize(int(tty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 25, Col: columns}))
	s := &screen{tty, master, make(chan string)}
	go func() {
		text, _ := io.ReadAll(master) // ends with an error when the terminal is closed
		s.text <- strings.ReplaceAll(string(text), "\r\n", "\n")
	}()
	return s
}

// close returns what was written.
func (s *screen) close() string {
	s.tty.Close()
	defer s.master.Close()
	return <-s.text
}

func TestTerminal(t *testing.T) {
	const source = "package notes\n\n//webapi:resource scope=note methods=GET,POST,PUTT\ntype NoteResource struct{}\n"
	const snippets = "notes.go:3:47: unknown method \"PUTT\" in methods (did you mean \"PUT\"?); " +
		"allowed: GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE [WA030]\n" +
		"    3 | //webapi:resource scope=note methods=GET,POST,PUTT\n" +
		"      |                                               ^^^^\n" +
		"\n" +
		"For more about this error, run webapi-gen explain WA030.\n" +
		"webapi-gen: 1 error\n"
	const coloured = "\x1b[1mnotes.go:3:47\x1b[0m: unknown method \"PUTT\" in methods (did you mean \"PUT\"?); " +
		"allowed: GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE \x1b[2m[WA030]\x1b[0m\n" +
		"\x1b[34m    3 |\x1b[0m //webapi:resource scope=note methods=GET,POST,PUTT\n" +
		"\x1b[34m      |\x1b[0m                                               \x1b[1;31m^^^^\x1b[0m\n" +
		"\n" +
		"For more about this error, run \x1b[1mwebapi-gen explain WA030\x1b[0m.\n" +
		"webapi-gen: 1 error\n"
	narrow := strings.NewReplacer(
		"//webapi:resource scope=note methods=GET,POST,PUTT", "…e methods=GET,POST,PUTT",
		strings.Repeat(" ", 47)+"^^^^", strings.Repeat(" ", 21)+"^^^^").Replace(snippets)
	for name, tt := range map[string]struct {
		term, noColor string
		columns       uint16
		want          string
	}{
		"colours":                 {"xterm", "", 100, coloured},
		"NO_COLOR":                {"xterm", "1", 100, snippets},
		"TERM=dumb":               {"dumb", "", 100, snippets},
		"narrow":                  {"xterm", "1", 33, narrow},
		"a width that is unknown": {"xterm", "1", 0, snippets},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("TERM", tt.term)
			t.Setenv("NO_COLOR", tt.noColor)
			writeFile(t, "notes.go", source)
			s := newScreen(t, tt.columns)
			var stdout strings.Builder
			if code := run([]string{"check"}, strings.NewReader(""), &stdout, s.tty); code != exitWrongInput {
				t.Errorf("exit status %d, want %d", code, exitWrongInput)
			}
			if diff := cmp.Diff(tt.want, s.close()); diff != "" {
				t.Errorf("screen (-want +got):\n%s", diff)
			}
			if stdout.Len() > 0 {
				t.Errorf("standard output: %q", &stdout)
			}
		})
	}
}

// TestTerminalAndPrograms has a format for programs on standard output, which
// is no business of the terminal.
func TestTerminalAndPrograms(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("TERM", "xterm")
	writeFile(t, "notes.go", "package notes\n\n//webapi:resourc\ntype NoteResource struct{}\n")
	var piped, stdout, stderr strings.Builder
	run([]string{"check", "--format", "json"}, strings.NewReader(""), &piped, &stderr)
	s := newScreen(t, 80)
	run([]string{"check", "--format", "json"}, strings.NewReader(""), &stdout, s.tty)
	if diff := cmp.Diff(stderr.String(), s.close()); diff != "" {
		t.Errorf("screen (-piped +terminal):\n%s", diff)
	}
	if diff := cmp.Diff(piped.String(), stdout.String()); diff != "" || stdout.Len() == 0 {
		t.Errorf("standard output (-piped +terminal):\n%s", diff)
	}
}

// TestListOnATerminal narrows the terminal that a table is printed on.
func TestListOnATerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	writeModule(t)
	writeFile(t, "notes.go", `package notes

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

//webapi:resource methods=GET,POST,DELETE
type NoteResource struct{}

func mount(mux *http.ServeMux) {
	n := &NoteResource{}
	mux.Handle("GET /notes", webapi.Handle(n, webapi.Views{"GET": view}))
	mux.Handle("GET /notes/{id}", webapi.Handle(n, webapi.Views{"GET": view}))
	mux.Handle("POST /notes", webapi.Handle(n, webapi.Views{"POST": view}))
}

var view webapi.View
`)
	const wide = "RESOURCE  METHOD  ACTION   REQUIREMENT   POSITION    ROUTES\n" +
		"note      GET     read     note:read     notes.go:9  /notes /notes/{id}\n" +
		"note      POST    write    note:write    notes.go:9  /notes\n" +
		"note      DELETE  destroy  note:destroy  notes.go:9  -\n"
	const below = "RESOURCE  METHOD  ACTION   REQUIREMENT   POSITION\n" +
		"note      GET     read     note:read     notes.go:9\n    /notes\n    /notes/{id}\n" +
		"note      POST    write    note:write    notes.go:9\n    /notes\n" +
		"note      DELETE  destroy  note:destroy  notes.go:9\n    -\n"
	const narrow = "RESOURCE  METHOD  ACTION   REQUIREMENT\n" +
		"note      GET     read     note:read\n    /notes\n    /notes/{id}\n" +
		"note      POST    write    note:write\n    /notes\n" +
		"note      DELETE  destroy  note:destroy\n    -\n"
	runCall("")
	for columns, want := range map[uint16]string{0: wide, 71: wide, 70: below, 51: below, 50: narrow, 10: narrow} {
		s := newScreen(t, columns)
		var stderr strings.Builder
		run([]string{"list"}, strings.NewReader(""), s.tty, &stderr)
		if diff := cmp.Diff(want, s.close()+stderr.String()); diff != "" {
			t.Errorf("%d columns: screen (-want +got):\n%s", columns, diff)
		}
	}
}
