package main

import (
	"io"
	"os"

	"github.com/mattn/go-colorable"
	"github.com/mattn/go-isatty"
)

// A terminal is a terminal that a command writes to.
type terminal struct {
	out     io.Writer
	colours bool
	width   int // in columns, 0 if it is not known
}

// terminalOf returns the terminal that w writes to, nil if it is none. It has no colours
// if NO_COLOR is set, see https://no-color.org.
func terminalOf(w io.Writer) *terminal {
	f, ok := w.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) && !isatty.IsCygwinTerminal(f.Fd()) {
		return nil
	}
	return &terminal{
		out:     colorable.NewColorable(f),
		colours: os.Getenv("TERM") != "dumb" && os.Getenv("NO_COLOR") == "",
		width:   terminalWidth(f),
	}
}

// attach finds out which of standard output and standard error are terminals.
func (a *app) attach() {
	if t := terminalOf(a.stdout); t != nil {
		a.columns = t.width
	}
	if a.terminal = terminalOf(a.stderr); a.terminal != nil {
		a.stderr = a.terminal.out
	}
}
