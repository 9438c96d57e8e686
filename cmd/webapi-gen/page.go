package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The form of a page: how wide prose is, and how far examples are indented.
const (
	pageWidth = 80
	indent    = "    "
)

// A page is a text for a terminal that is being written.
type page struct{ strings.Builder }

// paragraph writes prose, wrapped between words. The first line begins with
// first, the others with rest.
func (p *page) paragraph(text, first, rest string) {
	line, begin := first, true
	for _, word := range strings.Fields(text) {
		if !begin && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > pageWidth {
			fmt.Fprintln(p, line)
			line, begin = rest, true
		}
		if !begin {
			line += " "
		}
		line, begin = line+word, false
	}
	fmt.Fprintln(p, line)
}

// topic writes what there is to say about a topic.
func (p *page) topic(t topic) {
	p.WriteString(t.title + "\n")
	for _, part := range t.parts() {
		p.part(part)
	}
}

// part writes a part, with an empty line before each of its blocks.
func (p *page) part(part part) {
	if part.title != "" {
		p.WriteString("\n" + part.title)
		if part.file != "" {
			p.WriteString(" (" + part.file + ")")
		}
		p.WriteString(":\n")
	}
	if part.rows != nil {
		p.WriteString("\n")
		p.table(part.head, part.rows)
	}
	if part.prose != "" {
		p.WriteString("\n")
		p.paragraph(part.prose, "", "")
	}
	if part.code != "" || part.said != "" {
		p.WriteString("\n")
		p.code(part.code)
	}
	for line := range strings.Lines(part.said) {
		p.paragraph(line, indent, indent+indent)
	}
}

// code writes an example, which is never wrapped.
func (p *page) code(text string) {
	for line := range strings.Lines(text) {
		if line != "\n" {
			line = indent + line
		}
		p.WriteString(line)
	}
}

// table writes rows in two columns: in the second, each cell of a row begins a
// line, those after the first with their heading.
func (p *page) table(head []string, rows [][]string) {
	width := 0
	for _, row := range rows {
		width = max(width, len(row[0]))
	}
	rest := indent + strings.Repeat(" ", width+2)
	for _, row := range rows {
		p.paragraph(row[1], fmt.Sprintf("%s%-*s", indent, width+2, row[0]), rest)
		for i, cell := range row[2:] {
			if cell != "" {
				p.paragraph(head[2+i]+": "+cell, rest, rest)
			}
		}
	}
}
