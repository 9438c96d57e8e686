package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// report measures what is wanted, all if only is empty, and returns the tables.
func (l *lab) report(ctx context.Context, only []string) (string, error) {
	wanted := func(key string) bool { return len(only) == 0 || slices.Contains(only, key) }
	if err := l.build(ctx); err != nil {
		return "", err
	}
	machine, err := l.machine(ctx)
	if err != nil {
		return "", err
	}
	targets := [][]string{{"#", "target", "measured", "met", "where the time goes"}}
	for _, r := range rows() {
		if !wanted(r.key) {
			continue
		}
		l.say("target %d: %s", r.target, r.key)
		found, err := r.measure(ctx, l)
		if err != nil {
			return "", fmt.Errorf("target %d: %w", r.target, err)
		}
		for _, f := range found {
			cells, err := f.cells(r.target)
			if err != nil {
				return "", err
			}
			targets = append(targets, cells)
		}
	}
	parts := []string{machine, table(targets)}
	for _, extra := range []struct {
		key  string
		rows func(context.Context, *lab) ([][]string, error)
	}{{toolsKey, toolTable}, {checksKey, checkTable}, {adaptersKey, adapterTable}} {
		if !wanted(extra.key) {
			continue
		}
		l.say("table of %s", extra.key)
		cells, err := extra.rows(ctx, l)
		if err != nil {
			return "", fmt.Errorf("table of %s: %w", extra.key, err)
		}
		parts = append(parts, table(cells))
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.TrimSuffix(strings.Join(parts, "\n"), "\n"), nil
}

// cells returns a row of the table of targets.
func (f finding) cells(target int) ([]string, error) {
	met, why := "yes", ""
	switch {
	case f.skipped:
		met, why = "not measured", f.why
	case !f.met:
		met, why = "no", f.why
	}
	if met != "yes" && why == "" {
		return nil, fmt.Errorf("target %d: nobody says why it is not met: %s", target, f.asked)
	}
	return []string{strconv.Itoa(target), f.asked, f.measured, met, why}, nil
}

// table returns a Markdown table, of which the first row is the head. A table of
// a head alone is none.
func table(rows [][]string) string {
	if len(rows) < 2 {
		return ""
	}
	var b strings.Builder
	for i, row := range rows {
		for _, cell := range row {
			b.WriteString("| " + strings.ReplaceAll(cell, "|", `\|`) + " ")
		}
		b.WriteString("|\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}

// The marks in docs/performance.md between which the tables stand.
const (
	begin = "<!-- speed:begin, written by go -C .ci/peers run . -->\n"
	end   = "\n<!-- speed:end -->\n"
)

// replace writes text between the marks of a file.
func replace(name, text string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(data), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("%s has no lines %q and %q", name, begin, end)
	}
	return os.WriteFile(name, []byte(before+begin+text+end+after), 0o666)
}

func wall(r measure.Result) string {
	switch {
	case r.Runs == 0:
		return "-" // it was not run
	case r.Over:
		return fmt.Sprintf("over %.0f s", r.Wall.Seconds())
	}
	return duration(r.Wall)
}

func memorySize(r measure.Result) string {
	if r.Over || r.Runs == 0 {
		return "-"
	}
	return number(float64(r.Peak)/(1<<20)) + " MiB"
}

// duration returns a time with the digits that can be trusted.
func duration(d time.Duration) string {
	switch {
	case d == 0:
		return "0 s"
	case d >= time.Second/20:
		return number(d.Seconds()) + " s"
	case d >= time.Millisecond/20:
		return number(d.Seconds()*1e3) + " ms"
	}
	return number(d.Seconds()*1e6) + " us"
}

// number returns a number with two digits, three if it is large.
func number(f float64) string {
	switch {
	case f >= 100:
		return strconv.FormatFloat(f, 'f', 0, 64)
	case f >= 10:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return strconv.FormatFloat(f, 'f', 2, 64)
}

func resources(n int) string { return fmt.Sprint(n, " resources") }
