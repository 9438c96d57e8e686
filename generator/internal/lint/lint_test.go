package lint_test

import (
	"errors"
	"fmt"
	"go/token"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
	"github.com/webapi-gen/webapi-gen/model"
)

// The cases of golden have what a user sees; here are the words, and what no
// case can show.

func TestNearScopeNames(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"note", "notes", true},
		{"tag", "tags", true},
		{"policy", "policies", true},
		{"box", "boxes", true},
		{"address", "addresses", true},
		{"review_note", "review_notes", true},
		{"notes_page", "note_page", true},
		{"reviewNote", "review-notes", true},
		{"organization", "organisation", true},
		{"repostiory", "repository", true},
		{"adress", "address", true},

		{"tag", "bag", false},
		{"id", "ids", false},
		{"contact", "contract", false},
		{"posting", "hosting", false},
		{"form", "from", false},
		{"trial", "trail", false},
		{"clas", "class", false},
		{"les", "lens", false},
		{"reservation", "preservation", false},
		{"oauth1_app", "oauth2_app", false},
		{"report_2023", "report_2024", false},
		{"notes_pages", "note_page", false},
		{"note_page", "page_note", false},
		{"note", "note_draft", false},
		{"note", "note", false},
		{"Note", "note", false}, // which WA081 is about
	} {
		got := warnings(t, lint.Checks{}, resources(test.a, test.b)...)
		if strings.Contains(got, "[WA082]") != test.want {
			t.Errorf("%s and %s: %q", test.a, test.b, got)
		}
	}
}

func TestAlikeNames(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"repoUser", "repo-user", true},
		{"repo.user", "repo_user", true},
		{"repouser", "repo_user", true},
		{"NOTE", "note", true},
		{"note", "notes", false},
		{"-", "_", false},
	} {
		got := warnings(t, lint.Checks{}, resources(test.a, test.b)...)
		if strings.Contains(got, "[WA081]") != test.want {
			t.Errorf("%s and %s: %q", test.a, test.b, got)
		}
	}
}

// FuzzRun checks that the warnings do not depend on the order of packages, and
// that switching one off takes away no other.
func FuzzRun(f *testing.F) {
	f.Add("note notes repoUser repo-user", "admin org:read", uint64(1))
	f.Add("adress address policies policy _ . :/", "a a_ : ::", uint64(2))
	f.Add("É é \xff \xfe ſ s", "ſ S K \u212a", uint64(3))
	f.Fuzz(func(t *testing.T, names, scopes string, seed uint64) {
		packages := resources(strings.Fields(names)...)
		for i, s := range strings.Fields(scopes) {
			scope := model.Scope{ScopeRef: model.ScopeRef{Value: s, Const: "ScopeX"}, Pos: token.Position{Filename: "s.go", Line: i + 1, Column: 1}}
			if i%2 == 0 {
				scope.Text = s
			}
			packages = append(packages, &model.Package{Scopes: []model.Scope{scope}})
		}
		want := warnings(t, lint.Checks{}, packages...)
		random := rand.New(rand.NewPCG(seed, seed))
		random.Shuffle(len(packages), func(i, j int) { packages[i], packages[j] = packages[j], packages[i] })
		if diff := cmp.Diff(want, warnings(t, lint.Checks{}, packages...)); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
		var off lint.Checks
		if err := off.Set("-WA081"); err != nil {
			t.Fatal(err)
		}
		var rest string
		for line := range strings.Lines(want) {
			if !strings.HasSuffix(line, "[WA081]\n") {
				rest += line
			}
		}
		if diff := cmp.Diff(rest, warnings(t, off, packages...)); diff != "" {
			t.Errorf("without WA081 (-want +got):\n%s", diff)
		}
	})
}

func TestUsesIsAskedOnlyIfNeeded(t *testing.T) {
	broken := errors.New("cannot be read")
	uses := func([]string) (map[string]bool, error) { return nil, broken }
	unused := &model.Package{Scopes: []model.Scope{{ScopeRef: model.ScopeRef{Value: "admin", Const: "ScopeAdmin"}, Text: "Full control"}}}
	off := checks(t, "-WA080")
	for _, test := range []struct {
		pkg    lint.Package
		checks lint.Checks
		want   error
	}{
		{lint.Package{Package: unused, EntireModule: true}, lint.Checks{}, broken},
		{lint.Package{Package: unused, EntireModule: true}, off, nil},
		{lint.Package{Package: unused}, lint.Checks{}, nil},
		{lint.Package{Package: &model.Package{}, EntireModule: true}, lint.Checks{}, nil},
	} {
		if _, err := lint.Run([]lint.Package{test.pkg}, nil, test.checks, lint.Source{Uses: uses}); !errors.Is(err, test.want) {
			t.Errorf("error %v, want %v", err, test.want)
		}
	}
}

func TestImportsAreAskedForOnlyIfNeeded(t *testing.T) {
	broken := errors.New("cannot be read")
	source := lint.Source{Imports: func() (map[string][]string, error) { return nil, broken }}
	notes, tags := resources("note", "tag"), resources("tag")
	for _, test := range []struct {
		packages []lint.Package
		checks   string
		want     error
	}{
		{[]lint.Package{{Package: notes[0], Folder: "a"}, {Package: tags[0], Folder: "b"}}, "all", nil},
		{[]lint.Package{{Package: notes[1], Folder: "a"}, {Package: tags[0], Folder: "a"}}, "all", nil},
		{[]lint.Package{{Package: notes[1], Folder: "a"}, {Package: tags[0], Folder: "b"}}, "-WA084,-WA085", nil},
		{[]lint.Package{{Package: notes[1], Folder: "a"}, {Package: tags[0], Folder: "b"}}, "all", broken},
	} {
		if _, err := lint.Run(test.packages, nil, checks(t, test.checks), source); !errors.Is(err, test.want) {
			t.Errorf("error %v, want %v", err, test.want)
		}
	}
}

func TestChecks(t *testing.T) {
	for text, want := range map[string]string{
		"all":                      "all",
		"none":                     "none",
		"-WA081":                   "-WA081",
		"-WA081,-WA081":            "-WA081",
		"WA081":                    "-WA080,-WA082,-WA083,-WA084,-WA085,-WA086,-WA087,-WA088,-WA089,-WA091,-WA092",
		"WA081, WA080":             "-WA082,-WA083,-WA084,-WA085,-WA086,-WA087,-WA088,-WA089,-WA091,-WA092",
		"all,-WA083":               "-WA083",
		"none,WA080":               "-WA081,-WA082,-WA083,-WA084,-WA085,-WA086,-WA087,-WA088,-WA089,-WA091,-WA092",
		"-WA080;-WA082":            "-WA080,-WA082", // two calls
		"WA080;WA082":              "-WA081,-WA083,-WA084,-WA085,-WA086,-WA087,-WA088,-WA089,-WA091,-WA092",
		"-WA080;WA080":             "all",
		"":                         `no warning is called ""; write all, none, or codes, with - before those to leave out: WA080, WA081, WA082, WA083, WA084, WA085, WA086, WA087, WA088, WA089, WA091, WA092`,
		"-":                        `no warning is called ""; write all, none, or codes, with - before those to leave out: WA080, WA081, WA082, WA083, WA084, WA085, WA086, WA087, WA088, WA089, WA091, WA092`,
		"wa081":                    `no warning is called "wa081" (did you mean "WA081"?); write all, none, or codes, with - before those to leave out: WA080, WA081, WA082, WA083, WA084, WA085, WA086, WA087, WA088, WA089, WA091, WA092`,
		"-WA81":                    `no warning is called "WA81" (did you mean "WA081"?); write all, none, or codes, with - before those to leave out: WA080, WA081, WA082, WA083, WA084, WA085, WA086, WA087, WA088, WA089, WA091, WA092`,
		"off":                      `no warning is called "off"; write all, none, or codes, with - before those to leave out: WA080, WA081, WA082, WA083, WA084, WA085, WA086, WA087, WA088, WA089, WA091, WA092`,
		"-all":                     `no warning is called "-all"`,
		"-WA036":                   `WA036, undeclared scope, is an error and cannot be switched off; warnings are WA080, WA081, WA082, WA083, WA084, WA085, WA086, WA087, WA088, WA089, WA091, WA092`,
		"-WA080,-WA082,-WA083,bad": `no warning is called "bad"`,
	} {
		var c lint.Checks
		var err error
		for call := range strings.SplitSeq(text, ";") {
			err = errors.Join(err, c.Set(call))
		}
		got := c.String()
		if err != nil {
			if got != "all" {
				t.Errorf("Set(%q) failed and left %s", text, got)
			}
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) || err == nil && got != want {
			t.Errorf("Set(%q): %s, want %s", text, got, want)
		}
		if again := (lint.Checks{}); err == nil && (again.Set(got) != nil || again.String() != got) {
			t.Errorf("Set(%q) gives %s", got, again.String())
		}
	}
}

// resources returns a package for each scope name, with a resource of that name.
func resources(names ...string) []*model.Package {
	var list []*model.Package
	for i, name := range names {
		scope := model.Scope{ScopeRef: model.ScopeRef{Value: name + ":read", Const: "X"}, Action: "read"}
		list = append(list, &model.Package{Resources: []*model.Resource{{
			Pos:       token.Position{Filename: fmt.Sprintf("%02d.go", i), Line: 1, Column: 1},
			Type:      fmt.Sprint("T", i),
			Name:      fmt.Sprint(strings.Repeat("n", i), "x"),
			ScopeName: name,
			OAuth2:    true,
			Methods:   []model.Method{{Name: "GET", Action: "read", Requires: model.Requirement{{scope.ScopeRef}}}},
			Scopes:    []model.Scope{scope},
		}}})
	}
	return list
}

// warnings returns what a run over a whole module warns of, one a line.
func warnings(t *testing.T, checks lint.Checks, packages ...*model.Package) string {
	t.Helper()
	var list []lint.Package
	for _, pkg := range packages {
		list = append(list, lint.Package{Package: pkg, EntireModule: true})
	}
	found, err := lint.Run(list, nil, checks, lint.Source{
		Uses:    func([]string) (map[string]bool, error) { return nil, nil },
		Imports: func() (map[string][]string, error) { return nil, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range found {
		if !d.Code.Warning() || d.Code == diag.OpensNothing && !checks.Has(d.Code) {
			t.Errorf("%v is no warning, or not wanted", d)
		}
		b.WriteString(d.Error() + "\n")
	}
	return b.String()
}

func checks(t *testing.T, text string) lint.Checks {
	t.Helper()
	var c lint.Checks
	if err := c.Set(text); err != nil {
		t.Fatal(err)
	}
	return c
}
