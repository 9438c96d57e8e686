package main

import (
	"fmt"
	"io"
	"time"

	"github.com/webapi-gen/webapi-gen/generator"
)

const (
	progressDelay    = time.Second            // a run that is over sooner shows nothing
	progressInterval = 100 * time.Millisecond // nobody reads faster
)

// A progress is a line of a terminal that says how far a run is. It is
// rewritten in place, and erased before anything else is printed.
type progress struct {
	terminal io.Writer
	now      func() time.Time
	next     time.Time // when the line is written again
	shown    bool
}

func newProgress(terminal io.Writer, now func() time.Time) *progress {
	return &progress{terminal: terminal, now: now, next: now().Add(progressDelay)}
}

// report is a [generator.Config.OnProgress].
func (p *progress) report(g generator.Progress) {
	now := p.now()
	if now.Before(p.next) {
		return
	}
	p.next, p.shown = now.Add(progressInterval), true
	fmt.Fprint(p.terminal, eraseLine+progressText(g))
}

// eraseLine goes to the beginning of the line and erases it to its end.
const eraseLine = "\r\x1b[K"

func progressText(g generator.Progress) string {
	verb := map[string]string{"folders": "searched", "packages": "read", "files": "written"}[g.What]
	if g.Total == 0 {
		return fmt.Sprintf("webapi-gen: %d %s %s", g.Done, g.What, verb)
	}
	return fmt.Sprintf("webapi-gen: %d of %d %s %s", g.Done, g.Total, g.What, verb)
}

func (p *progress) erase() {
	if p.shown {
		p.shown = false
		fmt.Fprint(p.terminal, eraseLine)
	}
}

// before returns a writer that erases the line before it writes to w.
func (p *progress) before(w io.Writer) io.Writer { return erasing{p, w} }

type erasing struct {
	progress *progress
	io.Writer
}

func (e erasing) Write(text []byte) (int, error) {
	e.progress.erase()
	return e.Writer.Write(text)
}
