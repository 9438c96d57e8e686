package annotations

import (
	"fmt"
	"slices"
	"strings"
)

// Suggest returns ` (did you mean "x"?)` for the candidate that is nearest to
// got, and "" if none is near or got is itself a candidate.
func Suggest(got string, candidates []string) string {
	if best, ok := Nearest(got, candidates); ok && best != got {
		return fmt.Sprintf(" (did you mean %q?)", best)
	}
	return ""
}

// Nearest returns the candidate that is most similar to got, without regard to case, and
// false if none is similar. Without their common prefix and suffix, the edit distance must
// be at most a third of the candidate's length, or 1: a common suffix such as Resource does
// not make names similar.
func Nearest(got string, candidates []string) (string, bool) {
	best, least := "", -1
	for _, c := range candidates {
		if d, similar := compare(got, c); similar && (least < 0 || d < least) {
			best, least = c, d
		}
	}
	return best, least >= 0
}

// compare returns the edit distance of two words and whether they are similar.
func compare(got, candidate string) (distance int, similar bool) {
	a, b := strings.ToLower(got), strings.ToLower(candidate)
	for len(a)*len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a)*len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	distance = Distance(a, b)
	return distance, distance <= max(1, len(b)/3)
}

// Correction returns the candidate that got is a misspelling of, and false if that is not
// certain. A fix writes it, so it must be more certain than Nearest: no other candidate is
// similar, the first letter is right, the digits are the same if there are any, and a word
// of up to three letters has the same letters.
func Correction(got string, candidates []string) (string, bool) {
	correction := ""
	for _, c := range candidates {
		if _, similar := compare(got, c); !similar {
			continue
		}
		if correction != "" || c == got {
			return "", false
		}
		correction = c
	}
	if correction == "" || got == "" || !strings.EqualFold(got[:1], correction[:1]) {
		return "", false
	}
	if digits := digitsOf(got); digits != "" && digits != digitsOf(correction) {
		return "", false
	}
	if len(correction) <= 3 && sortedLetters(got) != sortedLetters(correction) {
		return "", false
	}
	return correction, true
}

func digitsOf(s string) string {
	return strings.Map(func(c rune) rune {
		if '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, s)
}

// sortedLetters returns the letters of a word in lower case and sorted.
func sortedLetters(s string) string {
	list := []byte(strings.ToLower(s))
	slices.Sort(list)
	return string(list)
}

// Distance returns the edit distance of two words: the number of letters to insert, delete,
// replace or swap with their neighbour (optimal string alignment).
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
