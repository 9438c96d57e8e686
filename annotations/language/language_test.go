package language_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"scope", "scope", 0},
		{"scope", "scop", 1},
		{"scope", "scopes", 1},
		{"scope", "skope", 1},
		{"scope", "socpe", 1},
		{"scope", "csoep", 2},
		{"ca", "abc", 3}, // no letter is changed twice
		{"GET", "get", 3},
	} {
		if got := language.Distance(test.a, test.b); got != test.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func FuzzDistance(f *testing.F) {
	f.Add("resource", "ersouce", "scope")
	f.Fuzz(func(t *testing.T, a, b, prefix string) {
		d := language.Distance(a, b)
		if back := language.Distance(b, a); d != back {
			t.Errorf("Distance(%q, %q) = %d, but %d the other way", a, b, d, back)
		}
		if d < max(len(a), len(b))-min(len(a), len(b)) || d > max(len(a), len(b)) || (d == 0) != (a == b) {
			t.Errorf("Distance(%q, %q) = %d", a, b, d)
		}
		if same := language.Distance(prefix+a, prefix+b); same > d {
			t.Errorf("Distance(%q, %q) = %d, but %d after %q", a, b, d, same, prefix)
		}
	})
}

func TestSuggest(t *testing.T) {
	candidates := []string{"name", "scope", "methods", "apitokens", "read"}
	for got, want := range map[string]string{
		"nmae":       "name",
		"Name":       "name",
		"METHOD":     "methods",
		"apitoken":   "apitokens",
		"api_token":  "apitokens",
		"raed":       "read",
		"skop":       "",
		"":           "",
		"x":          "",
		"name":       "", // it is no other word
		"methoooods": "",
		"describe":   "",
	} {
		hint := ""
		if want != "" {
			hint = ` (did you mean "` + want + `"?)`
		}
		if s := language.Suggest(got, candidates); s != hint {
			t.Errorf("Suggest(%q) = %q, want %q", got, s, hint)
		}
	}
}

func TestNearestTakesTheFirstOfEquals(t *testing.T) {
	got, ok := language.Nearest("PUST", []string{"GET", "POST", "PUT"})
	if got != "POST" || !ok {
		t.Errorf("Nearest = %q, %t", got, ok)
	}
}

func TestRegistryIsComplete(t *testing.T) {
	names := map[string]bool{}
	for _, d := range language.Directives() {
		if names[d.Name] {
			t.Errorf("directive %s is there twice", d.Name)
		}
		names[d.Name] = true
		checkText(t, d.Name, d.Doc)
		if found, ok := language.FindDirective(d.Name); !ok || found.Doc != d.Doc {
			t.Errorf("FindDirective(%q) = %v, %t", d.Name, found, ok)
		}
		if len(d.Keys) == 0 && strings.Contains(d.Usage, "=") {
			t.Errorf("directive %s: usage %q speaks of keys, but there are none", d.Name, d.Usage)
		}
		for i, k := range d.Keys {
			if k.Doc == "" || (k.Default == "" && d.Name == language.Resource) {
				t.Errorf("key %s of %s: %+v", k.Name, d.Name, k)
			}
			if (k.Kind == language.Choice) != (len(k.Values) > 0) {
				t.Errorf("key %s of %s is of kind %d and has the values %q", k.Name, d.Name, k.Kind, k.Values)
			}
			if slices.Index(language.KeyNames(d.Keys), k.Name) != i {
				t.Errorf("key %s of %s is there twice", k.Name, d.Name)
			}
		}
	}
}

func TestEntriesOfASpecAreComplete(t *testing.T) {
	for where, entries := range map[string][]language.Key{"a spec": language.SpecEntries(), "a resource": language.ResourceEntries()} {
		for i, k := range entries {
			if k.Doc == "" || (k.Default == "") != k.Required {
				t.Errorf("entry %s of %s: %+v", k.Name, where, k)
			}
			if (k.Kind == language.Choice) != (len(k.Values) > 0) {
				t.Errorf("entry %s of %s is of kind %d and has the values %q", k.Name, where, k.Kind, k.Values)
			}
			if slices.Index(language.KeyNames(entries), k.Name) != i {
				t.Errorf("entry %s of %s is there twice", k.Name, where)
			}
		}
	}
}

// TestKindsOfDirectives checks that no directive has a key of a kind that only
// a spec can write.
func TestKindsOfDirectives(t *testing.T) {
	for _, d := range language.Directives() {
		for _, k := range d.Keys {
			if slices.Contains([]language.Kind{language.Bool, language.Number, language.Block}, k.Kind) {
				t.Errorf("key %s of %s is of kind %d", k.Name, d.Name, k.Kind)
			}
		}
	}
}

func TestDefaultsAreTheInheritableKeys(t *testing.T) {
	resource, _ := language.FindDirective(language.Resource)
	var want []string
	for _, k := range resource.Keys {
		if k.Inheritable {
			want = append(want, k.Name)
		}
	}
	defaults, _ := language.FindDirective(language.Defaults)
	if diff := cmp.Diff(want, language.KeyNames(defaults.Keys)); diff != "" {
		t.Errorf("keys of webapi:defaults (-want +got):\n%s", diff)
	}
}

func TestCodesAreInOrderAndExplained(t *testing.T) {
	form := regexp.MustCompile(`^WA\d{3}$`)
	last := language.Code("")
	for _, m := range language.Codes() {
		if !form.MatchString(string(m.Code)) || m.Code <= last {
			t.Errorf("code %q comes after %q", m.Code, last)
		}
		last = m.Code
		checkText(t, string(m.Code), m.Summary)
		if m.Title == "" || strings.HasSuffix(m.Title, ".") {
			t.Errorf("%s has the title %q", m.Code, m.Title)
		}
	}
}

// checkText checks that a text for people is one of whole sentences.
func checkText(t *testing.T, what, text string) {
	t.Helper()
	if text == "" || !unicode.IsUpper([]rune(text)[0]) || !strings.HasSuffix(text, ".") {
		t.Errorf("text of %s: %q", what, text)
	}
}

func TestMethods(t *testing.T) {
	want := map[string]string{
		"GET": "read", "HEAD": "read", "OPTIONS": "read", "POST": "write", "PUT": "write", "PATCH": "write", "DELETE": "destroy",
	}
	got := map[string]string{}
	for _, m := range language.Methods() {
		got[m] = language.DefaultAction(m)
		if !language.IsMethod(m) {
			t.Errorf("IsMethod(%q) = false", m)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("method map (-want +got):\n%s", diff)
	}
	for _, m := range []string{"CONNECT", "TRACE", "get", "Get", ""} {
		if language.IsMethod(m) || language.DefaultAction(m) != "" {
			t.Errorf("%q is a method", m)
		}
	}
}
