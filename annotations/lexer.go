package annotations

import (
	"go/token"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A lexer reads the arguments of one directive. A word is a run of characters
// without spaces and quotes; a quoted text is a Go string, "..." or `...`.
//
// go/ast's ParseArgs is not used: it splits key="a b" in two and reports nothing.
type lexer struct {
	text  string         // what is left
	pos   token.Position // of text[0]
	diags *diag.List
}

// skip drops n bytes of the text.
func (l *lexer) skip(n int) {
	l.text = l.text[n:]
	l.pos = at(l.pos, n)
}

// at returns the position n bytes further on the same line.
func at(pos token.Position, n int) token.Position {
	pos.Offset += n
	pos.Column += n
	return pos
}

// spaces drops the blanks that separate arguments.
func (l *lexer) spaces() {
	l.skip(len(l.text) - len(strings.TrimLeft(l.text, " \t")))
}

// more reports whether another argument follows.
func (l *lexer) more() bool {
	l.spaces()
	return l.text != ""
}

// rest returns what is left as one text, without the blanks around it.
func (l *lexer) rest() Text {
	l.spaces()
	t := Text{Pos: l.pos, Value: strings.TrimRight(l.text, " \t")}
	l.skip(len(l.text))
	return t
}

// value reads a bare or quoted value. It reports and returns false if there
// is none to be had; then the rest of the line has been dropped.
func (l *lexer) value() (Text, bool) {
	if strings.HasPrefix(l.text, `"`) || strings.HasPrefix(l.text, "`") {
		return l.quoted()
	}
	return l.word(" \t")
}

// quoted reads a Go string.
func (l *lexer) quoted() (Text, bool) {
	quoted, err := strconv.QuotedPrefix(l.text)
	if err != nil {
		what := "unterminated string"
		if strings.ContainsRune(l.text[1:], rune(l.text[0])) {
			what = "not a Go string:"
		}
		return l.fail(l.pos, "%s %s", what, l.text)
	}
	value, err := strconv.Unquote(quoted)
	if err != nil {
		return l.fail(l.pos, "not a Go string: %s", quoted)
	}
	t := Text{Pos: at(l.pos, 1), Value: value, Raw: value == quoted[1:len(quoted)-1]}
	l.skip(len(quoted))
	if l.text != "" && !isSpace(l.text[0]) {
		return l.fail(l.pos, "space expected after the string %s, got %q", quoted, l.text)
	}
	return t, true
}

// word reads a bare word up to one of the characters of end.
func (l *lexer) word(end string) (Text, bool) {
	n := strings.IndexAny(l.text, end)
	if n < 0 {
		n = len(l.text)
	}
	t := Text{Pos: l.pos, Value: l.text[:n], Raw: true}
	if i := strings.IndexFunc(t.Value, notBare); i >= 0 {
		r, _ := utf8.DecodeRuneInString(t.Value[i:])
		return l.fail(at(l.pos, i), "character %q in a word; a value with it must be quoted, key=\"...\"", r)
	}
	if strings.HasPrefix(t.Value, "//") {
		return l.fail(l.pos, "a directive takes no comment, got %q", l.text)
	}
	l.skip(n)
	return t, true
}

// notBare reports whether r can only stand in a quoted value: what looks like
// a blank or a quote would not be seen for what it is.
func notBare(r rune) bool {
	return r == '"' || r == '`' || !unicode.IsGraphic(r) || unicode.IsSpace(r)
}

// fail reports malformed arguments and drops the rest of the line, since where
// the next argument begins is not known.
func (l *lexer) fail(pos token.Position, format string, args ...any) (Text, bool) {
	l.diags.Add(pos, diag.Malformed, format, args...)
	l.skip(len(l.text))
	return Text{}, false
}

// malformed is fail for what may be mended.
func (l *lexer) malformed(pos token.Position, format string, args ...any) *diag.Diagnostic {
	l.skip(len(l.text))
	return l.diags.Add(pos, diag.Malformed, format, args...)
}

// settings reads key=value arguments up to the end of the line.
func (l *lexer) settings(directive string) Settings {
	keys := keysOf(directive)
	var settings Settings
	var written []string
	var last setting
	defer func(before int) { removeClashingFixes(written, (*l.diags)[before:]) }(len(*l.diags))
	for l.more() {
		name, ok := l.word("= \t")
		if !ok {
			break
		}
		written = append(written, name.Value)
		if !strings.HasPrefix(l.text, "=") || name.Value == "" {
			l.notSetting(name, keys, last)
			break
		}
		l.skip(1)
		if l.text == "" || isSpace(l.text[0]) {
			l.noValue(name, directive)
			continue
		}
		key, known := FindKey(keys, name.Value)
		value, ok := l.value()
		if !ok || known && isList(key) && l.splitList(key.Kind, value) {
			break
		}
		last = setting{key, value, l.pos.Offset}
		if value.Value == "" {
			l.emptySetting(name, directive)
			continue
		}
		if key, known = findKey(l.diags, keys, "webapi:"+directive, name); !known {
			continue
		}
		if _, twice := settings.Value(key.Name); twice {
			l.diags.Add(name.Pos, diag.Repeated, "key %s is repeated", key.Name)
			continue
		}
		settings = append(settings, Setting{key.Name, l.split(key, value)})
	}
	return settings
}

// A setting is a key, the zero one if it is unknown, and its value.
type setting struct {
	key   Key
	value Text
	end   int // where the value ends, its closing quote included
}

func (s setting) isBare() bool { return s.value.Pos.Offset+len(s.value.Value) == s.end }

// takes reports whether a word could be a further element of the value, with a
// comma after it or without.
func (s setting) takes(word string) bool {
	for t := range strings.SplitSeq(s.value.Value, ",") {
		if !isElement(s.key.Kind, strings.TrimSpace(t)) {
			return false
		}
	}
	return isList(s.key) && isElement(s.key.Kind, strings.TrimSuffix(word, ","))
}

func isList(key Key) bool {
	return key.Kind == KindList || key.Kind == KindMap
}

// splitList reports a list that a blank after a comma has split, of which value
// is the first part, and drops the rest of the line. A list that ends in a comma,
// or that key=value follows, is another mistake.
func (l *lexer) splitList(kind Kind, value Text) bool {
	bare := value.Pos.Offset+len(value.Value) == l.pos.Offset
	next := strings.Fields(l.text)
	if !bare || !strings.HasSuffix(value.Value, ",") || len(next) == 0 || strings.Contains(next[0], "=") {
		return false
	}
	edits := joinList(kind, value, l.text, l.pos.Offset)
	comma := at(value.Pos, len(value.Value)-1)
	d := l.malformed(comma, "no blank may stand after the comma; write %s%s", value.Value, next[0])
	if edits != nil {
		d.SetFix("take out the blanks after the commas", edits...)
	}
	return true
}

// splitMethods is splitList for the methods of a requirement, after which its
// scopes come.
func (l *lexer) splitMethods(value Text) bool {
	methods, rest := strings.TrimSuffix(value.Value, ","), strings.Fields(l.text)
	for len(rest) > 0 && isElement(KindList, strings.TrimSuffix(rest[0], ",")) {
		method := rest[0]
		methods, rest = methods+","+strings.TrimSuffix(method, ","), rest[1:]
		if !strings.HasSuffix(method, ",") {
			return l.splitList(KindList, value)
		}
	}
	bare := value.Pos.Offset+len(value.Value) == l.pos.Offset
	if !bare || !strings.HasSuffix(value.Value, ",") || len(rest) == 0 {
		return false
	}
	l.fail(at(value.Pos, len(value.Value)-1), "no comma may stand between the methods and the scopes; write %s %s", methods, rest[0])
	return true
}

// notSetting reports an argument that is not of the form key=value. One that
// follows another, the last, may be the second word of a value.
func (l *lexer) notSetting(name Text, keys []Key, last setting) {
	switch l.spaces(); {
	case name.Value == "":
		l.fail(name.Pos, "key expected before %q", l.text)
	case strings.HasPrefix(l.text, "="):
		l.blanks(name, keys)
	case last.takes(name.Value):
		l.unseparated(name, last)
	default:
		names := KeyNames(keys)
		hint := Suggest(name.Value, names)
		if _, known := FindKey(keys, name.Value); known {
			hint = " (write " + name.Value + "=VALUE)"
		} else if hint == "" && last.value.Written() {
			hint = " (a value with spaces must be quoted)"
		}
		l.fail(name.Pos, "key=value expected, got %q%s; allowed: %s", name.Value, hint, strings.Join(names, ", "))
	}
}

// unseparated reports elements of a list that blanks, and no commas, set off from
// those before them, of which name is the first.
func (l *lexer) unseparated(name Text, last setting) {
	list, end := last.key.Name+"="+last.value.Value, last.end
	var edits []diag.Edit
	add := func(word string, start int) {
		element := strings.TrimSuffix(word, ",")
		list += "," + element
		edits = append(edits, diag.Edit{Offset: end, End: start, New: ","})
		end = start + len(element)
	}
	add(name.Value, name.Pos.Offset)
	next := l.peek()
	for last.takes(next) {
		add(next, l.pos.Offset)
		l.skip(len(next))
		next = l.peek()
	}
	d := l.malformed(name.Pos, "key=value expected, got %q; commas separate the elements of a list: write %s", name.Value, list)
	if last.isBare() && (next == "" || strings.Contains(next, "=")) {
		d.SetFix("write commas between the elements", edits...)
	}
}

// peek drops blanks and returns the word that follows.
func (l *lexer) peek() string {
	l.spaces()
	word, _ := splitRun(l.text, isNotSpace)
	return word
}

// noValue reports key= at the end of the line or before a blank.
func (l *lexer) noValue(name Text, directive string) {
	if next := strings.Fields(l.text); len(next) > 0 && !strings.Contains(next[0], "=") {
		l.blanks(name, keysOf(directive))
		return
	}
	l.emptySetting(name, directive)
}

// blanks reports blanks around the equals sign of a key, which stands before
// what is left or begins it.
func (l *lexer) blanks(name Text, keys []Key) {
	value := strings.TrimLeft(strings.TrimPrefix(l.text, "="), " \t")
	from, to := name.Pos.Offset+len(name.Value), l.pos.Offset+len(l.text)-len(value)
	d := l.malformed(name.Pos, "no space may stand around the = of key %s", name.Value)
	if _, known := FindKey(keys, name.Value); known && beginsValue(value) {
		d.SetFix("take out the blanks around =", diag.Edit{Offset: from, End: to, New: "="})
	}
}

func (l *lexer) emptySetting(name Text, directive string) {
	key, ok := findKey(l.diags, keysOf(directive), "webapi:"+directive, name)
	if !ok {
		return
	}
	hint := ""
	if key.Default != "" {
		hint = "; leave it out to get its default: " + key.Default
	}
	l.diags.Add(name.Pos, diag.EmptyValue, "key %s has no value%s", name.Value, hint)
}

// findKey looks name up among keys and reports it if it is not there.
func findKey(diags *diag.List, keys []Key, where string, name Text) (Key, bool) {
	key, ok := FindKey(keys, name.Value)
	if !ok {
		names := KeyNames(keys)
		d := diags.Add(name.Pos, diag.UnknownKey, "unknown key %q of %s%s; allowed: %s",
			name.Value, where, Suggest(name.Value, names), strings.Join(names, ", "))
		if meant, ok := correctedWord(name.Value, names); ok {
			name.SetFix(d, meant)
		}
	}
	return key, ok
}

// split takes a list or a map apart at its commas and colons.
func (l *lexer) split(key Key, value Text) Value {
	v := Value{Pos: value.Pos}
	if !isList(key) {
		v.Items = []Item{{Value: value}}
		return v
	}
	list := elements(value)
	v.Items = make([]Item, 0, len(list))
	for _, t := range list {
		switch {
		case t.Value == "":
			l.diags.Add(t.Pos, diag.EmptyValue, "an element of %s= is empty", key.Name)
		case key.Kind == KindList:
			v.Items = append(v.Items, Item{Value: t})
		default:
			name, rest, found := strings.Cut(t.Value, ":")
			if !found {
				l.diags.Add(t.Pos, diag.Malformed, "METHOD:action expected in %s=, got %q", key.Name, t.Value)
				continue
			}
			v.Items = append(v.Items, Item{
				Key:   Text{Pos: t.Pos, Value: name, Raw: t.Raw},
				Value: Text{Pos: at(t.Pos, len(name)+1), Value: rest, Raw: t.Raw},
			})
		}
	}
	return v
}

// elements splits a text at its commas and trims the elements.
func elements(text Text) []Text {
	list := make([]Text, 0, 1+strings.Count(text.Value, ","))
	offset := 0
	for part := range strings.SplitSeq(text.Value, ",") {
		blanks := len(part) - len(strings.TrimLeft(part, " \t"))
		list = append(list, Text{Pos: at(text.Pos, offset+blanks), Value: strings.TrimSpace(part), Raw: text.Raw})
		offset += len(part) + 1
	}
	return list
}
