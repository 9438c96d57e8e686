package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

const readme = "../README.md"

// pages returns the README and the pages in docs.
func pages(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob("../docs/*.md")
	if err != nil || len(list) == 0 {
		t.Fatalf("got %d pages: %v", len(list), err)
	}
	return append(list, readme)
}

// TestReadmeIsShort checks that people can decide by the README in a minute.
func TestReadmeIsShort(t *testing.T) {
	if n := len(strings.Fields(readFile(t, readme))); n > 1200 {
		t.Errorf("the README has %d words, want at most 1200: the pages in docs have the rest", n)
	}
}

// quotation is a code block with the file that it is taken from.
var quotation = regexp.MustCompile("(?s)<!-- from (\\S+) -->\n```\\w+\n(.*?)```\n")

// edit is a code block that shows how the first of two files becomes the second.
var edit = regexp.MustCompile("(?s)<!-- from (\\S+) to (\\S+) -->\n```diff\n(.*?)```\n")

// TestQuotes checks that each code block that names a file is to be found in it.
func TestQuotes(t *testing.T) {
	found := 0
	for _, name := range pages(t) {
		text := readFile(t, name)
		for _, q := range quotation.FindAllStringSubmatch(text, -1) {
			found++
			mustQuote(t, name, q[1], q[2])
		}
		for _, e := range edit.FindAllStringSubmatch(text, -1) {
			found++
			mustQuote(t, name, e[1], side(e[3], "-"))
			mustQuote(t, name, e[2], side(e[3], "+"))
		}
	}
	if found < 20 {
		t.Errorf("the pages have %d quotations, want at least 20", found)
	}
}

// fence is the beginning of a code block, with the line before it.
var fence = regexp.MustCompile("(?m)^(.*)\n```(\\w+)\n")

// indented is the beginning of a code block without fences.
var indented = regexp.MustCompile(`\n\n    .*`)

// checked is the line before a code block that a test looks for: TestQuotes here, those
// of cmd/webapi-gen/readme_test.go, that of example/notes, or the one that it names.
var checked = regexp.MustCompile(`^<!-- (from \S+( to \S+)?|run in \S+|run by \S+|asked of example/notes|checked by (\S+_test\.go)) -->$`)

// TestReadmeBlocks checks that a test runs, finds or reads each code block.
func TestReadmeBlocks(t *testing.T) {
	for _, name := range pages(t) {
		text := readFile(t, name)
		if m := indented.FindString(code.ReplaceAllString(text, "")); m != "" {
			t.Errorf("%s: no test checks the block %q; write it between fences", name, m)
		}
		blocks := fence.FindAllStringSubmatch(text, -1)
		if n := strings.Count(text, "\n```"); n != 2*len(blocks) {
			t.Errorf("%s has %d fences and %d blocks with a language", name, n, len(blocks))
		}
		for _, block := range blocks {
			m := checked.FindStringSubmatch(block[1])
			if m == nil {
				t.Errorf("%s: no test checks the block of %s after %q", name, block[2], block[1])
			} else if m[3] != "" && !strings.Contains(readFile(t, filepath.Join("..", m[3])), filepath.Base(name)) {
				t.Errorf("%s: %s does not read it", name, m[3])
			}
		}
	}
}

func mustQuote(t *testing.T, document, file, block string) {
	t.Helper()
	if !strings.Contains(readFile(t, filepath.Join("..", file)), block) {
		t.Errorf("%s no longer has what %s quotes:\n%s", file, document, block)
	}
}

// side returns the lines of a diff that one of its files has, marked by sign where
// the other does not have them.
func side(diff, sign string) string {
	var b strings.Builder
	for line := range strings.Lines(diff) {
		if text, ok := strings.CutPrefix(line, " "); ok {
			b.WriteString(text)
		} else if text, ok := strings.CutPrefix(line, sign); ok {
			b.WriteString(text)
		}
	}
	return b.String()
}

var (
	heading = regexp.MustCompile(`(?m)^(#+) (.*)$`)
	target  = regexp.MustCompile(`\]\(([^)\s]+)\)|<img src="([^"]+)"|srcset="([^"]+)"`)
	named   = regexp.MustCompile(`<a id="([^"]+)">`)
	code    = regexp.MustCompile("(?ms)^```.*?^```$")
)

// TestReadmeLinks checks that each link of the pages to a file of the tree, or to a heading
// in one, leads to it.
func TestReadmeLinks(t *testing.T) {
	others, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for _, name := range append(pages(t), others...) {
		known[name] = anchors(readFile(t, name))
	}
	for name := range known {
		for _, m := range target.FindAllStringSubmatch(code.ReplaceAllString(readFile(t, name), ""), -1) {
			link := m[1] + m[2] + m[3]
			if strings.Contains(link, "://") {
				continue
			}
			path, anchor, _ := strings.Cut(link, "#")
			file := name
			if path != "" {
				file = filepath.Join(filepath.Dir(name), path)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %s: %v", name, link, err)
			} else if anchor != "" && !slices.Contains(known[file], anchor) {
				t.Errorf("%s: %s: there is no such heading", name, link)
			}
		}
	}
}

// TestReadmeContents checks that each page in docs has a table of contents.
func TestReadmeContents(t *testing.T) {
	for _, name := range pages(t) {
		if name == readme {
			continue
		}
		text := code.ReplaceAllString(readFile(t, name), "")
		var want strings.Builder
		for _, h := range heading.FindAllStringSubmatch(text, -1) {
			if h[1] == "##" {
				fmt.Fprintf(&want, "- [%s](#%s)\n", h[2], slug(h[2]))
			}
		}
		var got strings.Builder
		head, _, _ := strings.Cut(text, "\n## ")
		for _, entry := range regexp.MustCompile(`(?m)^- \[.*?\]\(#.*?\)`).FindAllString(head, -1) {
			got.WriteString(entry + "\n")
		}
		if got.String() != want.String() {
			t.Errorf("%s: the table of contents is\n%swant\n%s", name, got.String(), want.String())
		}
	}
}

// anchors returns the anchors of a page in Markdown.
func anchors(text string) []string {
	text = code.ReplaceAllString(text, "")
	var list []string
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	seen := map[string]int{}
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		anchor := slug(h[2])
		if n := seen[anchor]; n > 0 {
			list = append(list, fmt.Sprint(anchor, "-", n))
		} else {
			list = append(list, anchor)
		}
		seen[anchor]++
	}
	return list
}

// slug returns the anchor that GitHub gives to a heading.
func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
