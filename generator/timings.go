package generator

import (
	"sync/atomic"
	"time"
)

// Timings says where runs spend their time, and on how much of what. The zero
// value is ready to use. All runs of a [Config] that has it add to it, at any time
// and by any number of goroutines, and so does Write of their results.
type Timings struct {
	spent [phases]struct{ nanoseconds, count, bytes atomic.Int64 }
}

// A Phase is a part of a run.
type Phase struct {
	Name   string        // "find folders", "read files" and so on
	Within bool          // it is part of the nearest phase before it that is within none
	Time   time.Duration // by the clock; within another phase added up over packages, some of them at once
	Count  int           // of What, 0 if the run did not get that far
	What   string        // in the singular: "folder", "file" and so on
	Bytes  int64         // that were read or written
}

// Phases returns the phases in the order of a run. Those that are not within
// another follow each other; what a run does besides is in none.
func (t *Timings) Phases() []Phase {
	list := make([]Phase, phases)
	for i, p := range described {
		spent := &t.spent[i]
		p.Time = time.Duration(spent.nanoseconds.Load())
		p.Count, p.Bytes = int(spent.count.Load()), spent.bytes.Load()
		list[i] = p
	}
	return list
}

type phase int

const (
	finding phase = iota
	readingSpecs
	working
	reading
	parsing
	resolving
	emitting
	comparing
	keeping
	locking
	linting
	writing
	phases int = iota
)

var described = [phases]Phase{
	finding:      {Name: "find folders", What: "folder"},
	readingSpecs: {Name: "read specs", What: "file"},
	working:      {Name: "packages", What: "package"},
	reading:      {Name: "read files", What: "file", Within: true},
	parsing:      {Name: "parse Go", What: "file", Within: true},
	resolving:    {Name: "resolve", What: "resource", Within: true},
	emitting:     {Name: "emit", What: "file", Within: true},
	comparing:    {Name: "compare", What: "file", Within: true},
	keeping:      {Name: "keep for lint", What: "package", Within: true},
	locking:      {Name: "lock files", What: "file"},
	linting:      {Name: "lint", What: "file"},
	writing:      {Name: "write", What: "file"},
}

// clock adds to a phase the time from now until stop is called.
func (t *Timings) clock(p phase) (stop func()) {
	if t == nil {
		return func() {}
	}
	began := time.Now()
	return func() { t.spent[p].nanoseconds.Add(int64(time.Since(began))) }
}

// count adds to what a phase has to do with.
func (t *Timings) count(p phase, n, bytes int) {
	if t != nil {
		t.spent[p].count.Add(int64(n))
		t.spent[p].bytes.Add(int64(bytes))
	}
}

// begin is clock, and returns a Config that reads files in that phase.
func (cfg Config) begin(p phase) (during Config, end func()) {
	cfg.phase = p
	return cfg, cfg.Timings.clock(p)
}
