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
// It does not use go/ast.Directive.ParseArgs, which splits key="a b" in two.
type lexer struct {
	text  string         // the rest of the line
	pos   token.Position // of text[0]
	diags *diag.List
}

// skip advances by n bytes.
func (l *lexer) skip(n int) {
	l.text = l.text[n:]
	l.pos = at(l.pos, n)
}

// at returns the position n bytes after pos on the same line.
func at(pos token.Position, n int) token.Position {
	pos.Offset += n
	pos.Column += n
	return pos
}

// skipSpaces skips the whitespace between arguments.
func (l *lexer) skipSpaces() {
	l.skip(len(l.text) - len(strings.TrimLeft(l.text, " \t")))
}

// more reports whether another argument follows.
func (l *lexer) more() bool {
	l.skipSpaces()
	return l.text != ""
}

// rest reads the rest of the line as one text, without the whitespace around it.
func (l *lexer) rest() Text {
	l.skipSpaces()
	t := Text{Pos: l.pos, Value: strings.TrimRight(l.text, " \t")}
	l.skip(len(l.text))
	return t
}

// value reads a bare or quoted value. If it is malformed, value reports it, skips the rest
// of the line and returns false.
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

// word reads a bare word that ends before one of the characters of end.
func (l *lexer) word(end string) (Text, bool) {
	n := strings.IndexAny(l.text, end)
	if n < 0 {
		n = len(l.text)
	}
	t := Text{Pos: l.pos, Value: l.text[:n], Raw: true}
	if i := strings.IndexFunc(t.Value, needsQuotes); i >= 0 {
		r, _ := utf8.DecodeRuneInString(t.Value[i:])
		return l.fail(at(l.pos, i), "character %q in a word; a value with it must be quoted, key=\"...\"", r)
	}
	if strings.HasPrefix(t.Value, "//") {
		return l.fail(l.pos, "a directive takes no comment, got %q", l.text)
	}
	l.skip(n)
	return t, true
}

// needsQuotes reports whether a character may only be in a quoted value: a quote, a space
// other than those that separate words, or an invisible character.
func needsQuotes(r rune) bool {
	return r == '"' || r == '`' || !unicode.IsGraphic(r) || unicode.IsSpace(r)
}

// malformed reports malformed arguments and skips the rest of the line, since it is not known
// where the next argument begins.
func (l *lexer) malformed(pos token.Position, format string, args ...any) *diag.Diagnostic {
	l.skip(len(l.text))
	return l.diags.Add(pos, diag.Malformed, format, args...)
}

// fail is malformed for use in a return statement.
func (l *lexer) fail(pos token.Position, format string, args ...any) (Text, bool) {
	l.malformed(pos, format, args...)
	return Text{}, false
}

// settings reads key=value arguments up to the end of the line.
func (l *lexer) settings(directive string) Settings {
	keys := keysOf(directive)
	var settings Settings
	var names []string
	var last setting
	defer func(before int) { removeClashingFixes(names, (*l.diags)[before:]) }(len(*l.diags))
	for l.more() {
		name, ok := l.word("= \t")
		if !ok {
			break
		}
		names = append(names, name.Value)
		if !strings.HasPrefix(l.text, "=") || name.Value == "" {
			l.rejectWord(name, keys, last)
			break
		}
		l.skip(1)
		if l.text == "" || isSpace(l.text[0]) {
			l.rejectNoValue(name, directive)
			continue
		}
		key, known := FindKey(keys, name.Value)
		value, ok := l.value()
		if !ok || known && isList(key) && l.rejectSplitList(key.Kind, value) {
			break
		}
		last = setting{key, value, l.pos.Offset}
		if value.Value == "" {
			l.rejectEmpty(name, directive)
			continue
		}
		if key, known = findKey(l.diags, keys, "webapi:"+directive, name); !known {
			continue
		}
		if _, repeated := settings.Value(key.Name); repeated {
			l.diags.Add(name.Pos, diag.Repeated, "key %s is repeated", key.Name)
			continue
		}
		settings = append(settings, Setting{key.Name, l.split(key, value)})
	}
	return settings
}

// A setting is a key with its value, as it is read.
type setting struct {
	key   Key // the zero Key if it is unknown
	value Text
	end   int // offset after the value and its closing quote
}

func (s setting) isBare() bool { return s.value.Pos.Offset+len(s.value.Value) == s.end }

// continuesWith reports whether a word may be another element of the value. A comma may
// follow it.
func (s setting) continuesWith(word string) bool {
	for t := range strings.SplitSeq(s.value.Value, ",") {
		if !isElement(s.key.Kind, strings.TrimSpace(t)) {
			return false
		}
	}
	return isList(s.key) && isElement(s.key.Kind, strings.TrimSuffix(word, ","))
}

func isList(key Key) bool {
	return key.Kind == KindList || key.Kind == KindMap || key.Kind == KindListMap
}

// rejectSplitList reports a list that is split by a space after a comma, of which value is
// the first part, and skips the rest of the line. A comma at the end of the line or before
// key=value is another error. It returns whether it reported anything.
func (l *lexer) rejectSplitList(kind Kind, value Text) bool {
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

// rejectSplitMethods is rejectSplitList for the methods of a requirement, which its scopes
// follow.
func (l *lexer) rejectSplitMethods(value Text) bool {
	methods, rest := strings.TrimSuffix(value.Value, ","), strings.Fields(l.text)
	for len(rest) > 0 && isElement(KindList, strings.TrimSuffix(rest[0], ",")) {
		method := rest[0]
		methods, rest = methods+","+strings.TrimSuffix(method, ","), rest[1:]
		if !strings.HasSuffix(method, ",") {
			return l.rejectSplitList(KindList, value)
		}
	}
	bare := value.Pos.Offset+len(value.Value) == l.pos.Offset
	if !bare || !strings.HasSuffix(value.Value, ",") || len(rest) == 0 {
		return false
	}
	l.fail(at(value.Pos, len(value.Value)-1), "no comma may stand between the methods and the scopes; write %s %s", methods, rest[0])
	return true
}

// rejectWord reports a word that is not of the form key=value. It may be the second word of
// the value of the last setting.
func (l *lexer) rejectWord(name Text, keys []Key, last setting) {
	switch l.skipSpaces(); {
	case name.Value == "":
		l.fail(name.Pos, "key expected before %q", l.text)
	case strings.HasPrefix(l.text, "="):
		l.rejectSpaces(name, keys)
	case last.continuesWith(name.Value):
		l.rejectMissingCommas(name, last)
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

// rejectMissingCommas reports elements of a list that are separated by spaces from the last
// setting. Name is the first of them.
func (l *lexer) rejectMissingCommas(name Text, last setting) {
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
	for last.continuesWith(next) {
		add(next, l.pos.Offset)
		l.skip(len(next))
		next = l.peek()
	}
	d := l.malformed(name.Pos, "key=value expected, got %q; commas separate the elements of a list: write %s", name.Value, list)
	if last.isBare() && (next == "" || strings.Contains(next, "=")) {
		d.SetFix("write commas between the elements", edits...)
	}
}

// peek skips whitespace and returns the word that follows.
func (l *lexer) peek() string {
	l.skipSpaces()
	word, _ := splitRun(l.text, isNotSpace)
	return word
}

// rejectNoValue reports key= at the end of the line or before a space.
func (l *lexer) rejectNoValue(name Text, directive string) {
	if next := strings.Fields(l.text); len(next) > 0 && !strings.Contains(next[0], "=") {
		l.rejectSpaces(name, keysOf(directive))
		return
	}
	l.rejectEmpty(name, directive)
}

// rejectSpaces reports spaces around the equals sign of a key. The rest of the line begins at
// the equals sign or after it.
func (l *lexer) rejectSpaces(name Text, keys []Key) {
	value := strings.TrimLeft(strings.TrimPrefix(l.text, "="), " \t")
	from, to := name.Pos.Offset+len(name.Value), l.pos.Offset+len(l.text)-len(value)
	d := l.malformed(name.Pos, "no space may stand around the = of key %s", name.Value)
	if _, known := FindKey(keys, name.Value); known && beginsValue(value) {
		d.SetFix("take out the blanks around =", diag.Edit{Offset: from, End: to, New: "="})
	}
}

// rejectEmpty reports a key without a value.
func (l *lexer) rejectEmpty(name Text, directive string) {
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

// findKey returns the key of that name, and reports it if it is not among keys.
func findKey(diags *diag.List, keys []Key, where string, name Text) (Key, bool) {
	key, ok := FindKey(keys, name.Value)
	if !ok {
		names := KeyNames(keys)
		d := diags.Add(name.Pos, diag.UnknownKey, "unknown key %q of %s%s; allowed: %s",
			name.Value, where, Suggest(name.Value, names), strings.Join(names, ", "))
		if corrected, ok := correctedWord(name.Value, names); ok {
			name.SetFix(d, corrected)
		}
	}
	return key, ok
}

// split splits a list at its commas, and the elements of a map at their colons.
func (l *lexer) split(key Key, value Text) Value {
	if !isList(key) {
		return Value{value.Pos, []Item{{Value: value}}}
	}
	v := Value{Pos: value.Pos}
	for _, t := range elements(value) {
		switch {
		case t.Value == "":
			l.diags.Add(t.Pos, diag.EmptyValue, "an element of %s= is empty", key.Name)
		case key.Kind == KindList:
			v.Items = append(v.Items, Item{Value: t})
		default:
			name, rest, found := strings.Cut(t.Value, ":")
			if !found {
				l.diags.Add(t.Pos, diag.Malformed, "%s expected in %s=, got %q", elementForm(key), key.Name, t.Value)
				continue
			}
			if values := words(Text{Pos: at(t.Pos, len(name)+1), Value: rest, Raw: t.Raw}); key.Kind == KindListMap && len(values) > 0 {
				for _, value := range values {
					v.Items = append(v.Items, Item{Key: Text{Pos: t.Pos, Value: name, Raw: t.Raw}, Value: value})
				}
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

// elementForm returns how an element of a map is written.
func elementForm(key Key) string {
	switch key.Name {
	case KeyACR:
		return "OPERATION:VALUE, with blanks between several values,"
	case KeyMaxAge:
		return "OPERATION:DURATION"
	default:
		return "METHOD:action"
	}
}

// words splits a text at its blanks.
func words(text Text) []Text {
	var list []Text
	for offset := 0; offset < len(text.Value); {
		spaces, rest := splitRun(text.Value[offset:], isSpace)
		word, _ := splitRun(rest, isNotSpace)
		if offset += len(spaces); word != "" {
			list = append(list, Text{Pos: at(text.Pos, offset), Value: word, Raw: text.Raw})
		}
		offset += len(word)
	}
	return list
}

// elements splits a text at its commas and trims the elements.
func elements(text Text) []Text {
	var list []Text
	offset := 0
	for element := range strings.SplitSeq(text.Value, ",") {
		indent := len(element) - len(strings.TrimLeft(element, " \t"))
		list = append(list, Text{Pos: at(text.Pos, offset+indent), Value: strings.TrimSpace(element), Raw: text.Raw})
		offset += len(element) + 1
	}
	return list
}
