package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/generator"
)

// timingsFlag adds the flag that says where a run spent its time.
func (a *app) timingsFlag(cmd *cobra.Command) {
	cmd.Flags().BoolFunc("timings", "say on standard error where the time of the run went", func(value string) error {
		wanted, err := yes(value)
		if a.cfg.Timings = nil; wanted {
			a.cfg.Timings = new(generator.Timings)
		}
		return err
	})
}

// printTimings says where the time went of a command that took so long in all, if
// that is wanted and it got as far as to have a folder to look at.
func (a *app) printTimings(total time.Duration) {
	if a.cfg.Timings == nil {
		return
	}
	phases := a.cfg.Timings.Phases()
	if phases[0].Count == 0 {
		return
	}
	t := table{titles: []string{"PHASE", fmt.Sprintf("%*s", len(milliseconds(0)), "TIME"), "COUNT"}}
	rest := total
	for _, p := range phases {
		if p.Within {
			p.Name = "  " + p.Name
		} else {
			rest -= p.Time
		}
		t.lines = append(t.lines, []string{p.Name, milliseconds(p.Time), amount(p)})
	}
	t.lines = append(t.lines, []string{"other", milliseconds(rest), "-"}, []string{"total", milliseconds(total), "-"})
	fmt.Fprintf(a.stderr, "webapi-gen: times on %s; those indented are added up over packages\n",
		count(runtime.GOMAXPROCS(0), "processor"))
	_ = t.print(a.stderr, nil) // there is no other place to complain
}

// milliseconds returns a time so that times stand right below each other.
func milliseconds(d time.Duration) string { return fmt.Sprintf("%8.1f ms", 1000*d.Seconds()) }

// amount says what a phase had to do with.
func amount(p generator.Phase) string {
	text := count(p.Count, p.What)
	switch {
	case p.Bytes >= 1e6:
		return fmt.Sprintf("%s, %.1f MB", text, float64(p.Bytes)/1e6)
	case p.Bytes > 0:
		return fmt.Sprintf("%s, %.1f KB", text, float64(p.Bytes)/1e3)
	}
	return text
}
