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

// This file gives diagnostics the fixes that are no guess. Prose that becomes a
// directive is worse than an error that stays, so of a near miss more is wanted
// here than where it is reported.

// meantWord returns the word of the language that got must be a misspelling of.
// A word of the language in the wrong place is none.
func meantWord(got string, allowed []string) (string, bool) {
	meant, ok := Correction(got, allowed)
	if ok && !strings.EqualFold(got, meant) {
		lower := strings.ToLower(got)
		_, isDirective := FindDirective(lower)
		_, isEntry := FindKey(slices.Concat(SpecEntries(), ResourceEntries()), lower)
		ok = !isDirective && !isEntry
	}
	return meant, ok
}

// withoutClashes takes the fix from diagnostics about keys of which two would be the
// same after it.
func withoutClashes(written []string, diags []diag.Diagnostic) {
	count := map[string]int{}
	for _, name := range written {
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

// beginsValue reports whether text begins with the value of a key rather than
// with another key=value or with a key that has blanks around its equals sign.
func beginsValue(text string) bool {
	if text == "" {
		return false
	}
	word, rest := splitRun(text, isNotSpace)
	return text[0] == '"' || text[0] == '`' || !strings.Contains(word, "=") && !strings.HasPrefix(strings.TrimLeft(rest, " \t"), "=")
}

// joined returns the edits that take out the blanks of a list of methods, or of
// a map from them, that goes on in text, which begins at offset. It returns nil
// if something follows a comma that is no such element.
func joined(kind Kind, value Text, text string, offset int) []diag.Edit {
	var edits []diag.Edit
	for word := value.Value; strings.HasSuffix(word, ","); {
		blanks, rest := splitRun(text, isSpace)
		word, text = splitRun(rest, isNotSpace)
		if word == "" || strings.Contains(word, "=") {
			break // a comma too many is another mistake
		}
		for element := range strings.SplitSeq(strings.TrimSuffix(word, ","), ",") {
			if !isElement(kind, element) {
				return nil
			}
		}
		edits = append(edits, diag.Edit{Offset: offset, End: offset + len(blanks)})
		offset += len(blanks) + len(word)
	}
	return edits
}

// isElement reports whether a word is a method, or a pair of a map from methods,
// but for capitals.
func isElement(kind Kind, word string) bool {
	method, _, pair := strings.Cut(word, ":")
	return pair == (kind == KindMap) && isMethodOrSo(method) && !strings.Contains(word, ",")
}

// isMethodOrSo reports whether a word is a method but for capitals.
func isMethodOrSo(word string) bool { return IsMethod(strings.ToUpper(word)) }

// almost is the beginning of a near miss that can be mended: a blank, a mark of
// another tool, our name, the colon between blanks, and a word. What is indented
// further is an example in a doc comment.
var almost = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^( ?(?:\+|@|go:)?)(?i:(webapi|webapi[-_]?gen)([ \t]*)[:：]([ \t]*)([a-z]+))(?:[ \t]|$)`)
})

// mendNearMiss gives the diagnostic about a comment of one line its fix, if what
// was meant is certain. The text of the comment begins at offset; alone says that
// the line is no part of prose before or after it.
func mendNearMiss(d *diag.Diagnostic, comment string, offset int, alone bool) {
	text, block := strings.CutPrefix(comment, "/*")
	if block {
		text = strings.TrimRight(strings.TrimSuffix(text, "*/"), " \t")
	} else {
		text = comment[len("//"):]
	}
	m := almost().FindStringSubmatchIndex(text)
	if m == nil {
		return
	}
	head, args := text[:m[11]], text[m[11]:]
	name := strings.ToLower(text[m[10]:m[11]])
	if _, known := FindDirective(name); !known {
		return
	}
	tight := !block && m[3] == 0 && m[6] == m[7] && m[8] == m[9] // no sentence begins so
	if !tight && !(alone && certain(name, strings.Fields(args))) {
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

// certain reports whether words are arguments of a directive, and no sentence
// that begins with its name.
func certain(name string, words []string) bool {
	if len(words) == 0 {
		return name == DirectiveResource
	}
	switch name {
	case DirectiveRequire:
		return isCertainRequirement(words)
	case DirectiveDescribe: // read See your notes
		return len(words) > 1 && isDefaultAction(words[0]) && startsUpper(words[1])
	case DirectiveScope: // admin Full control; org:read
		if len(words) == 1 {
			return strings.Contains(strings.Trim(words[0], ":"), ":")
		}
		return !startsUpper(words[0]) && startsUpper(words[1])
	}
	key, _, found := strings.Cut(words[0], "=")
	found = found || len(words) > 1 && words[1][0] == '=' // with blanks around it, which are another mistake
	keys := keysOf(name)
	_, known := FindKey(keys, key)
	_, meant := meantWord(key, KeyNames(keys))
	return found && (known || meant)
}

// isCertainRequirement reports whether words are methods and then one scope or
// scopes of which each has a colon.
func isCertainRequirement(words []string) bool {
	for method := range strings.SplitSeq(words[0], ",") {
		if !IsMethod(method) {
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

// withoutRepetitions takes the fix from diagnostics about the comments of one group that
// would make a second directive of those that stand once: which of the two is
// meant, nobody knows.
func withoutRepetitions(found []written, diags []diag.Diagnostic) {
	count := map[string]int{}
	for _, w := range found {
		count[w.Name.Value]++
	}
	for _, d := range diags {
		count[directiveOf(d)]++
	}
	for i, d := range diags {
		switch name := directiveOf(d); name {
		case DirectiveResource, DirectiveDefaults, DirectivePublic:
			if count[name] > 1 {
				diags[i].Fix = nil
			}
		}
	}
}

// directiveOf returns the directive that the fix of a diagnostic writes.
func directiveOf(d diag.Diagnostic) string {
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
