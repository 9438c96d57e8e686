package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"
)

// A table has lines of cells. The parts of a cell are separated by line feeds.
type table struct {
	titles []string
	lines  [][]string
}

// gap is how far columns are apart.
const gap = 2

// width returns how many columns of a terminal the table takes.
func (t *table) width() int {
	width := 0
	for i, title := range t.titles {
		widest := utf8.RuneCountInString(title)
		for _, line := range t.lines {
			widest = max(widest, utf8.RuneCountInString(line[i]))
		}
		width += widest + gap
	}
	return width - gap
}

// take removes a column and returns its cells, none if there is no such column.
func (t *table) take(title string) []string {
	i := slices.Index(t.titles, title)
	if i < 0 {
		return nil
	}
	var cells []string
	t.titles = slices.Delete(t.titles, i, i+1)
	for n, line := range t.lines {
		cells = append(cells, line[i])
		t.lines[n] = slices.Delete(line, i, i+1)
	}
	return cells
}

// print prints the table. Below each line stand the parts of its cell in below,
// if there are any.
func (t *table) print(w io.Writer, below []string) error {
	var text strings.Builder
	aligned := tabwriter.NewWriter(&text, 0, 8, gap, ' ', 0)
	for _, line := range slices.Insert(t.lines, 0, t.titles) {
		fmt.Fprintln(aligned, strings.ReplaceAll(strings.Join(line, "\t"), "\n", " "))
	}
	if err := aligned.Flush(); err != nil {
		return err
	}
	i := -1 // the titles
	for line := range strings.Lines(text.String()) {
		fmt.Fprint(w, line)
		if i >= 0 && below != nil && below[i] != noRoutes {
			fmt.Fprintln(w, indent+strings.ReplaceAll(below[i], "\n", "\n"+indent))
		}
		i++
	}
	return nil
}
