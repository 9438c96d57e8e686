package annotations

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// correctedWord is Correction for words of the language. It returns false for a word of the
// language that is in the wrong place.
func correctedWord(got string, allowed []string) (string, bool) {
	corrected, ok := Correction(got, allowed)
	if ok && !strings.EqualFold(got, corrected) {
		lower := strings.ToLower(got)
		_, isDirective := FindDirective(lower)
		_, isEntry := FindKey(slices.Concat(SpecEntries(), ResourceEntries()), lower)
		ok = !isDirective && !isEntry
	}
	return corrected, ok
}

// removeClashingFixes removes the fixes of unknown keys that would repeat a key. keys are
// those that are written.
func removeClashingFixes(keys []string, diags []diag.Diagnostic) {
	count := map[string]int{}
	for _, name := range keys {
		count[name]++
	}
	for _, d := range diags {
		if d.Code == diag.UnknownKey && d.Fix != nil {
			count[d.Fix.Edits[0].New]++
		}
	}
	for i, d := range diags {
		if d.Code == diag.UnknownKey && d.Fix != nil && count[d.Fix.Edits[0].New] > 1 {
			diags[i].Fix = nil
		}
	}
}

// beginsValue reports whether text begins with a value rather than with another key=value
// or key = value.
func beginsValue(text string) bool {
	if text == "" {
		return false
	}
	word, rest := splitRun(text, isNotSpace)
	return text[0] == '"' || text[0] == '`' || !strings.Contains(word, "=") && !strings.HasPrefix(strings.TrimLeft(rest, " \t"), "=")
}

// joinList returns the edits that remove the spaces from a list of operations, or from a map
// from operations, that continues in text, which begins at offset. It returns nil if another
// word follows a comma.
func joinList(kind Kind, value Text, text string, offset int) []diag.Edit {
	var edits []diag.Edit
	for word := value.Value; strings.HasSuffix(word, ","); {
		spaces, rest := splitRun(text, isSpace)
		word, text = splitRun(rest, isNotSpace)
		if word == "" || strings.Contains(word, "=") {
			break // the comma at the end is another error
		}
		for element := range strings.SplitSeq(strings.TrimSuffix(word, ","), ",") {
			if !isElement(kind, element) {
				return nil
			}
		}
		edits = append(edits, diag.Edit{Offset: offset, End: offset + len(spaces)})
		offset += len(spaces) + len(word)
	}
	return edits
}

// isElement reports whether a word is an element of a list of operations or of a map from
// operations, but for capitals.
func isElement(kind Kind, word string) bool {
	operation, _, pair := strings.Cut(word, ":")
	return pair == (kind != KindList) && isOperationFold(operation) && !strings.Contains(word, ",")
}

// isOperationFold is IsOperation without regard to capitals.
func isOperationFold(word string) bool { return IsOperation(FoldOperation(word)) }

// fixableNearMiss matches the beginning of a near miss that can be fixed: a space, a prefix
// of another tool, the tool's name, a colon with whitespace around it, and a word. What is
// indented further is an example in a doc comment.
var fixableNearMiss = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^( ?(?:\+|@|go:)?)(?i:(webapi|webapi[-_]?gen)([ \t]*)[:：]([ \t]*)([a-z]+))(?:[ \t]|$)`)
})

// fixNearMiss gives the diagnostic about a near miss of one line its fix, if the intended
// directive is certain. Text that becomes a directive is worse than an error that stays, so
// more is required than for the diagnostic. The comment begins at offset. It is alone if no
// sentence of the comments around it continues in it.
func fixNearMiss(d *diag.Diagnostic, comment string, offset int, alone bool) {
	text, block := strings.CutPrefix(comment, "/*")
	if block {
		text = strings.TrimRight(strings.TrimSuffix(text, "*/"), " \t")
	} else {
		text = comment[len("//"):]
	}
	m := fixableNearMiss().FindStringSubmatchIndex(text)
	if m == nil {
		return
	}
	head, args := text[:m[11]], text[m[11]:]
	name := strings.ToLower(text[m[10]:m[11]])
	if _, known := FindDirective(name); !known {
		return
	}
	tight := !block && m[3] == 0 && m[6] == m[7] && m[8] == m[9] // no sentence begins like this
	if !tight && !(alone && areCertainArguments(name, strings.Fields(args))) {
		return
	}
	want := Tool + ":" + name
	if block {
		d.SetFix("write //"+want, diag.Edit{Offset: offset, End: offset + len(comment), New: "//" + want + args})
		return
	}
	start := offset + len("//")
	d.SetFix("write //"+want, diag.Edit{Offset: start, End: start + len(head), New: want})
}

// areCertainArguments reports whether words are arguments of a directive, and do not
// continue a sentence that begins with its name.
func areCertainArguments(name string, words []string) bool {
	if len(words) == 0 {
		return name == DirectiveResource
	}
	switch name {
	case DirectiveRequire:
		return isCertainRequirement(words)
	case DirectiveDescribe: // read See your notes
		return len(words) > 1 && isDefaultAction(words[0]) && startsUpper(words[1])
	case DirectiveImplies, DirectiveAlias: // note:write note:read
		return len(words) > 1 && hasColon(words[0]) && hasColon(words[1])
	case DirectiveScope: // admin Full control; org:read
		if len(words) == 1 {
			return hasColon(words[0])
		}
		return !startsUpper(words[0]) && startsUpper(words[1])
	}
	key, _, found := strings.Cut(words[0], "=")
	found = found || len(words) > 1 && words[1][0] == '=' // the spaces are another error
	keys := keysOf(name)
	_, known := FindKey(keys, key)
	_, corrected := correctedWord(key, KeyNames(keys))
	return found && (known || corrected)
}

// hasColon reports whether a word has a colon inside, as most scopes do.
func hasColon(word string) bool { return strings.Contains(strings.Trim(word, ":"), ":") }

// isCertainRequirement reports whether words are operations and then either one scope or
// scopes that all have a colon.
func isCertainRequirement(words []string) bool {
	for operation := range strings.SplitSeq(words[0], ",") {
		if !IsOperation(operation) {
			return false
		}
	}
	scopes := words[1:]
	plain := slices.ContainsFunc(scopes, func(s string) bool { return strings.IndexByte(s, ':') <= 0 || strings.HasSuffix(s, ":") })
	return len(scopes) == 1 || len(scopes) > 1 && !plain
}

func isDefaultAction(word string) bool {
	return slices.ContainsFunc(Methods(), func(m string) bool { return DefaultAction(m) == word })
}

func startsUpper(word string) bool {
	c, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(c)
}

// removeRepeatingFixes removes the fixes of near misses in one comment that would repeat a
// directive which may be there once: it is not known which of the two is intended.
func removeRepeatingFixes(found []directiveText, diags []diag.Diagnostic) {
	count := map[string]int{}
	for _, w := range found {
		count[w.Name.Value]++
	}
	for _, d := range diags {
		count[fixedDirective(d)]++
	}
	for i, d := range diags {
		switch name := fixedDirective(d); name {
		case DirectiveResource, DirectiveDefaults, DirectivePublic, DirectiveGuarded:
			if count[name] > 1 {
				diags[i].Fix = nil
			}
		}
	}
}

// fixedDirective returns the name of the directive that the fix of a diagnostic writes.
func fixedDirective(d diag.Diagnostic) string {
	if d.Fix == nil {
		return ""
	}
	text := d.Fix.Edits[0].New
	if _, after, found := strings.Cut(text, Tool+":"); found {
		text = after
	}
	name, _ := splitRun(text, isNotSpace)
	return name
}
