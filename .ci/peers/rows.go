package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// A row measures one of the targets. It may be more than one row of the table.
type row struct {
	target  int
	key     string // for -only
	measure func(ctx context.Context, l *lab) ([]finding, error)
}

// A finding is a row of the table.
type finding struct {
	asked    string
	measured string
	met      bool
	why      string // where the time goes; the table shows it if the target is not met
	skipped  bool   // it takes sizes that -n leaves out: why says which
}

// rows returns the targets. The guard's are at the end of those of the
// generator, what both cost their users and what other commands take is last.
func rows() []row {
	return []row{
		{1, "cold", cold},
		{2, "floor", coldFloor},
		{3, "unchanged", unchanged},
		{4, "edit", edit},
		{5, "start", start},
		{6, "growth", growth},
		{7, "spec", spec},
		{8, "guard", guard},
		{9, "scopes", scopes},
		{10, "requirements", requirements},
		{11, "registry", registry},
		{12, "build", build},
		{13, "routes", routes},
		{14, "import", imported},
	}
}

// The keys of the tables that are no targets.
const toolsKey, checksKey, adaptersKey = "tools", "checks", "adapters"

func keys() []string {
	var all []string
	for _, r := range rows() {
		all = append(all, r.key)
	}
	return append(all, toolsKey, checksKey, adaptersKey)
}

// atMost is a finding about a ratio that is to be at most limit.
func atMost(limit, ratio float64, asked, measured, why string) finding {
	return finding{asked: asked, measured: measured + ": " + number(ratio), met: ratio <= limit, why: why}
}

// slower returns how many times as long as b a took.
func slower(a, b measure.Result) float64 { return float64(a.Wall) / float64(b.Wall) }

func larger(a, b measure.Result) float64 { return float64(a.Peak) / float64(b.Peak) }

// times says what two cases took.
func times(a, b measure.Result) string { return fmt.Sprintf("%s to %s", wall(a), wall(b)) }

// spent says in what the processor time of cases went: their own code or the
// kernel, which for a generator is files and memory.
func spent(results ...measure.Result) string {
	var parts []string
	for _, r := range results {
		parts = append(parts, fmt.Sprintf("%s %s in the program and %s in the kernel", r.Name, duration(r.User), duration(r.Sys)))
	}
	return "processor time: " + strings.Join(parts, ", ")
}
