package annotations

import (
	"fmt"
	"slices"
	"strings"
)

// Suggest returns ` (did you mean "x"?)` for the candidate that is nearest to
// got, or "" if none is near or got is one itself.
func Suggest(got string, candidates []string) string {
	if best, ok := Nearest(got, candidates); ok && best != got {
		return fmt.Sprintf(" (did you mean %q?)", best)
	}
	return ""
}

// Nearest returns the candidate that differs least from got, without regard to
// case. It must differ in no more than a third of the letters (at least one)
// that are left without what both begin and end with: a common ending such as
// Resource makes no two names alike.
func Nearest(got string, candidates []string) (string, bool) {
	best, least := "", -1
	for _, c := range candidates {
		if d, near := difference(got, c); near && (least < 0 || d < least) {
			best, least = c, d
		}
	}
	return best, least >= 0
}

// difference returns in how many letters two words differ, and whether those
// are few.
func difference(got, candidate string) (letters int, few bool) {
	a, b := strings.ToLower(got), strings.ToLower(candidate)
	for len(a)*len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a)*len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	letters = Distance(a, b)
	return letters, letters <= max(1, len(b)/3)
}

// Correction returns the candidate that got is a misspelling of, if it can be that of
// no other. Who writes it instead must be surer than who asks for it, so more is
// wanted than of the nearest: no other candidate is near, the first letter is
// right, no digit is another, and a word of three letters has all of them.
func Correction(got string, candidates []string) (string, bool) {
	only := ""
	for _, c := range candidates {
		if _, near := difference(got, c); !near {
			continue
		}
		if only != "" || c == got {
			return "", false
		}
		only = c
	}
	if only == "" || got == "" || !strings.EqualFold(got[:1], only[:1]) {
		return "", false
	}
	if digits := digitsOf(got); digits != "" && digits != digitsOf(only) {
		return "", false
	}
	if len(only) <= 3 && sortedLetters(got) != sortedLetters(only) {
		return "", false
	}
	return only, true
}

func digitsOf(s string) string {
	return strings.Map(func(c rune) rune {
		if '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, s)
}

// sortedLetters returns the letters of a word, in lower case and in alphabetical order.
func sortedLetters(s string) string {
	list := []byte(strings.ToLower(s))
	slices.Sort(list)
	return string(list)
}

// Distance returns how many letters must be inserted, deleted, replaced or
// swapped with their neighbour to make b of a (optimal string alignment).
func Distance(a, b string) int {
	var buf [3][32]int // most words are shorter
	rows := [3][]int{buf[0][:], buf[1][:], buf[2][:]}
	if len(b) >= len(buf[0]) {
		rows = [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	}
	before, last, row := rows[0], rows[1], rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
