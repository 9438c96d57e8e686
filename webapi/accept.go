package webapi

import (
	"iter"
	"strings"
)

// prefersProblem reports whether the Accept header fields give
// application/problem+json a higher quality than application/json (RFC 9110,
// section 12.5.1). A media range with a malformed or repeated q is passed over.
// Other parameters are not looked at.
func prefersProblem(accept []string) bool {
	return quality(accept, "application/problem+json") > quality(accept, "application/json")
}

// quality returns the quality, in thousandths, that the Accept header fields
// give a media type of "application": that of the most specific range that
// matches it, of equals the highest; 0 if none matches.
func quality(accept []string, mediaType string) int {
	best, specificity := 0, 0
	for _, field := range accept {
		for element := range splitQuoted(field, ',') {
			mediaRange, q, ok := parseMediaRange(element)
			if !ok {
				continue
			}
			level := 0
			switch {
			case strings.EqualFold(mediaRange, mediaType):
				level = 3
			case strings.EqualFold(mediaRange, "application/*"):
				level = 2
			case mediaRange == "*/*":
				level = 1
			}
			if level > specificity || level == specificity && level > 0 && q > best {
				best, specificity = q, level
			}
		}
	}
	return best
}

// parseMediaRange reads one element of an Accept header field.
func parseMediaRange(element string) (mediaRange string, q int, ok bool) {
	q, seen := 1000, false
	first := true
	for part := range splitQuoted(element, ';') {
		part = strings.Trim(part, " \t")
		if first {
			mediaRange, first = part, false
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		if q, ok = parseQuality(value); !ok || seen {
			return "", 0, false
		}
		seen = true
	}
	return mediaRange, q, true
}

// parseQuality reads a qvalue of RFC 9110, section 12.4.2, in thousandths: 0 to
// 1 with at most three decimal places.
func parseQuality(s string) (q int, ok bool) {
	if s == "" || len(s) > len("0.000") || s[0] != '0' && s[0] != '1' {
		return 0, false
	}
	if len(s) > 1 && s[1] != '.' {
		return 0, false
	}
	q = int(s[0]-'0') * 1000
	for i, unit := 2, 100; i < len(s); i, unit = i+1, unit/10 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		q += int(s[i]-'0') * unit
	}
	return q, q <= 1000
}

// splitQuoted splits s at sep, but not within a quoted-string of RFC 9110,
// section 5.6.4.
func splitQuoted(s string, sep byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i < len(s); i++ {
			switch {
			case quoted && s[i] == '\\':
				i++
			case s[i] == '"':
				quoted = !quoted
			case s[i] == sep && !quoted:
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(s[start:])
	}
}
