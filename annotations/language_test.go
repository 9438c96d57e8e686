package annotations_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
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
		if got := annotations.Distance(test.a, test.b); got != test.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func FuzzDistance(f *testing.F) {
	f.Add("resource", "ersouce", "scope")
	f.Fuzz(func(t *testing.T, a, b, prefix string) {
		d := annotations.Distance(a, b)
		if back := annotations.Distance(b, a); d != back {
			t.Errorf("Distance(%q, %q) = %d, but %d the other way", a, b, d, back)
		}
		if d < max(len(a), len(b))-min(len(a), len(b)) || d > max(len(a), len(b)) || (d == 0) != (a == b) {
			t.Errorf("Distance(%q, %q) = %d", a, b, d)
		}
		if same := annotations.Distance(prefix+a, prefix+b); same > d {
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
		if s := annotations.Suggest(got, candidates); s != hint {
			t.Errorf("Suggest(%q) = %q, want %q", got, s, hint)
		}
	}
}

func TestNearestTakesTheFirstOfEquals(t *testing.T) {
	got, ok := annotations.Nearest("PUST", []string{"GET", "POST", "PUT"})
	if got != "POST" || !ok {
		t.Errorf("Nearest = %q, %t", got, ok)
	}
}

func TestCorrection(t *testing.T) {
	candidates := []string{"name", "scope", "methods", "map", "key", "oauth2", "description", "describe"}
	for got, want := range map[string]string{
		"nmae":       "name",
		"Name":       "name",
		"method":     "methods",
		"oauth":      "oauth2",
		"OAUTH2":     "oauth2",
		"mpa":        "map",
		"Map":        "map",
		"descripton": "description",
		"oauth1":     "", // another digit
		"oauth12":    "",
		"cap":        "", // three letters, of which one is another
		"mop":        "",
		"keys":       "",
		"game":       "", // another first letter
		"name":       "", // no other word
		"":           "",
		"x":          "",
	} {
		if only, ok := annotations.Correction(got, candidates); only != want || ok != (want != "") {
			t.Errorf("Only(%q) = %q, %t, want %q", got, only, ok, want)
		}
	}
	if only, ok := annotations.Correction("PUST", []string{"GET", "POST", "PUT"}); ok {
		t.Errorf("of POST and PUT, it is %q", only)
	}
}

func TestRegistryIsComplete(t *testing.T) {
	names := map[string]bool{}
	for _, d := range annotations.Directives() {
		if names[d.Name] {
			t.Errorf("directive %s is there twice", d.Name)
		}
		names[d.Name] = true
		checkText(t, d.Name, d.Doc)
		if found, ok := annotations.FindDirective(d.Name); !ok || found.Doc != d.Doc {
			t.Errorf("FindDirective(%q) = %v, %t", d.Name, found, ok)
		}
		if len(d.Keys) == 0 && strings.Contains(d.Usage, "=") {
			t.Errorf("directive %s: usage %q speaks of keys, but there are none", d.Name, d.Usage)
		}
		for i, k := range d.Keys {
			if k.Doc == "" || (k.Default == "" && d.Name == annotations.DirectiveResource) {
				t.Errorf("key %s of %s: %+v", k.Name, d.Name, k)
			}
			if (k.Kind == annotations.KindChoice) != (len(k.Values) > 0) {
				t.Errorf("key %s of %s is of kind %d and has the values %q", k.Name, d.Name, k.Kind, k.Values)
			}
			if slices.Index(annotations.KeyNames(d.Keys), k.Name) != i {
				t.Errorf("key %s of %s is there twice", k.Name, d.Name)
			}
		}
	}
}

func TestEntriesOfASpecAreComplete(t *testing.T) {
	for where, entries := range map[string][]annotations.Key{"a spec": annotations.SpecEntries(), "a resource": annotations.ResourceEntries()} {
		for i, k := range entries {
			if k.Doc == "" || (k.Default == "") != k.Required {
				t.Errorf("entry %s of %s: %+v", k.Name, where, k)
			}
			if (k.Kind == annotations.KindChoice) != (len(k.Values) > 0) {
				t.Errorf("entry %s of %s is of kind %d and has the values %q", k.Name, where, k.Kind, k.Values)
			}
			if slices.Index(annotations.KeyNames(entries), k.Name) != i {
				t.Errorf("entry %s of %s is there twice", k.Name, where)
			}
		}
	}
}

// TestKindsOfDirectives checks that no directive has a key of a kind that only
// a spec can write.
func TestKindsOfDirectives(t *testing.T) {
	for _, d := range annotations.Directives() {
		for _, k := range d.Keys {
			if slices.Contains([]annotations.Kind{annotations.KindBool, annotations.KindNumber, annotations.KindBlock}, k.Kind) {
				t.Errorf("key %s of %s is of kind %d", k.Name, d.Name, k.Kind)
			}
		}
	}
}

func TestDefaultsAreTheInheritableKeys(t *testing.T) {
	resource, _ := annotations.FindDirective(annotations.DirectiveResource)
	var want []string
	for _, k := range resource.Keys {
		if k.Inheritable {
			want = append(want, k.Name)
		}
	}
	defaults, _ := annotations.FindDirective(annotations.DirectiveDefaults)
	if diff := cmp.Diff(want, annotations.KeyNames(defaults.Keys)); diff != "" {
		t.Errorf("keys of webapi:defaults (-want +got):\n%s", diff)
	}
}

func TestCodesAreInOrderAndExplained(t *testing.T) {
	form := regexp.MustCompile(`^WA\d{3}$`)
	last := diag.Code("")
	for _, m := range diag.Codes() {
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
	for _, m := range annotations.Methods() {
		got[m] = annotations.DefaultAction(m)
		if !annotations.IsMethod(m) {
			t.Errorf("IsMethod(%q) = false", m)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("method map (-want +got):\n%s", diff)
	}
	for _, m := range []string{"CONNECT", "TRACE", "get", "Get", ""} {
		if annotations.IsMethod(m) || annotations.DefaultAction(m) != "" {
			t.Errorf("%q is a method", m)
		}
	}
}
