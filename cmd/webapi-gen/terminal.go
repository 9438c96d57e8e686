package main

import (
	"io"
	"os"
	"time"

	"github.com/mattn/go-colorable"
	"github.com/mattn/go-isatty"
)

// A terminal is one that a person sits at.
type terminal struct {
	out     io.Writer
	colours bool
	escapes bool // it obeys them: a line can be erased
	width   int  // in columns, 0 if it is not known
}

// terminalOf returns the terminal that w writes to, nil if it is none. Colours
// are left out as https://no-color.org asks for.
func terminalOf(w io.Writer) *terminal {
	f, ok := w.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) && !isatty.IsCygwinTerminal(f.Fd()) {
		return nil
	}
	escapes := os.Getenv("TERM") != "dumb"
	return &terminal{
		out:     colorable.NewColorable(f),
		colours: escapes && os.Getenv("NO_COLOR") == "",
		escapes: escapes,
		width:   terminalWidth(f),
	}
}

// attach finds out how wide standard output is, and whether a person reads standard
// error. If so, whatever runs the generator shows how far it is; detach ends that.
func (a *app) attach(now func() time.Time) (detach func()) {
	if t := terminalOf(a.stdout); t != nil {
		a.columns = t.width
	}
	a.terminal = terminalOf(a.stderr)
	if a.terminal == nil {
		return func() {}
	}
	a.stderr = a.terminal.out
	if !a.terminal.escapes {
		return func() {}
	}
	p := newProgress(a.terminal.out, now)
	a.cfg.OnProgress = p.report
	a.stdout, a.stderr = p.before(a.stdout), p.before(a.stderr)
	return p.erase
}
