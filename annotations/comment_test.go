package annotations_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// The classes of comments, by the code that is reported for a comment by itself.
const (
	ours  = "WA012" // or WA010, for an unknown directive
	near  = "WA011"
	prose = ""
)

// TestTableOfClasses checks the table in the doc comment of type class.
func TestTableOfClasses(t *testing.T) {
	text, err := os.ReadFile("nearmiss.go")
	if err != nil {
		t.Fatal(err)
	}
	doc, _, found := strings.Cut(string(text), "\ntype class int\n")
	if !found {
		t.Fatal("nearmiss.go has no type class")
	}
	count := map[string]int{}
	for _, row := range regexp.MustCompile(`(?m)^//\t(/.*?) {2,}(directive|near miss|plain text)\b`).FindAllStringSubmatch(doc, -1) {
		comment, err := strconv.Unquote(`"` + row[1] + `"`)
		if err != nil {
			t.Fatalf("%s: %v", row[1], err)
		}
		count[row[2]]++
		got := "plain text"
		switch report := reports("package p\n\n" + comment + "\n\ntype A struct{}\n"); {
		case strings.HasSuffix(report, "[WA011]"):
			got = "near miss"
		case strings.HasSuffix(report, "[WA012]"), strings.HasSuffix(report, "[WA010]"):
			got = "directive"
		case report != "":
			t.Errorf("%s reports %s", row[1], report)
		}
		if got != row[2] {
			t.Errorf("%s is of the class %s, the table has %s", row[1], got, row[2])
		}
	}
	if lines := strings.Count(doc, "\n//\t/"); count["directive"]+count["near miss"]+count["plain text"] != lines || len(count) != 3 {
		t.Errorf("rows of classes: %v, want %d in sum", count, lines)
	}
}

func TestClassesOfComments(t *testing.T) {
	for _, test := range []struct{ comment, want string }{
		{"//webapi:resource", ours},
		{"//webapi:resource name=x", ours},
		{"//webapi:resource\tname=x", ours},

		// Not as Go requires it.
		{"// webapi:resource", near},
		{"//\twebapi:resource name=x", near},
		{"//webapi: resource", near},
		{"//webapi :resource", near},
		{"//webapi\t: resource", near},
		{"//webapi:", near},
		{"//webapi:Resource", near},
		{"//webapi:Guard", near},
		{"//webapi:_x", near},
		{"// webapi:resourse", near},
		{"// webapi: resource name=x", near},
		{"// webapi: require GET a", near},
		{"// webapi: require GET,POST a", near},

		// Variants of the tool's name.
		{"//WebAPI:resource", near},
		{"//WEBAPI:resource", near},
		{"//web-api:resource", near},
		{"//web_api:resource", near},
		{"//webapi-gen:resource", near},
		{"//webapigen:scope admin", near},
		{"//webap:resource", near},
		{"//webappi:resource", near},
		{"//wbeapi:resource", near},
		{"// webaip:require GET a", near},

		// Prefixes of other tools and languages.
		{"///webapi:resource", near},
		{"//+webapi:resource", near},
		{"// +webapi:resource", near},
		{"// @webapi:resource", near},

		{"////webapi:require GET a", near},
		{"//////////webapi:require GET a", near},
		{"//!webapi:require GET a", near},
		{"//#webapi:require GET a", near},
		{"//(webapi:require GET a)", near},
		{"//\"webapi:require GET a\"", near},
		{"//<webapi:require GET a>", near},
		{"//* webapi:require GET a", near},
		{"//go:webapi:require GET a", near},
		{"// - webapi:require GET a", near},
		{"/*! webapi:require GET a */", near},

		// No separator, or another.
		{"//webapi require DELETE admin", near},
		{"// webapi require DELETE admin", near},
		{"//webapi\trequire GET,POST a b", near},
		{"//webapi require GET, POST a b", near},
		{"//webapi.require GET a", near},
		{"//webapi;require GET a", near},
		{"//webapi=require GET a", near},
		{"//webapi-require GET a", near},
		{"//webapi/require GET a", near},
		{"//webapirequire GET a", near},
		{"//webapi-gen-require GET a", near},
		{"//webapi->require GET a", near},
		{"//webapi::require GET a", near},
		{"//webapi require(GET, a)", near},
		{"//webapi resource name=x", near},
		{"//webapi resource", near},
		{"/* webapi require GET a */", near},
		{"/*\n * webapi.require GET a\n */", near},

		// Two letters wrong.
		{"//web api:require GET a", near},
		{"//wepabi:require GET a", near},
		{"//wapi:require GET a", near},
		{"//webapigem:require GET a", near},
		{"//wapi:describe read See it", near},
		{"//webap require GET a", near},
		{"//webapirequre GET a", near},

		// Comments that cannot be a directive.
		{"/*webapi:resource*/", near},
		{"/* webapi:resource name=x */", near},
		{"/*\nwebapi:resource\n*/", near},
		{"/*\n * webapi:require GET a\n */", near},
		{"/**\r\n * webapi:resource\r\n */", near},

		// Characters that look like others, or are invisible.
		{"//\u00a0webapi:resource", near},
		{"//\u200bwebapi:resource", near},
		{"//web\u200bapi:resource", near},
		{"//web\u00adapi:resource", near},
		{"//webapi:\u200bresource", near},
		{"//w\u0435bapi:resource", near}, // Cyrillic
		{"//webapi\uff1aresource", near},
		{"//we\rbapi:resource", near},
		{"//\rwebapi:resource", near},
		{"/*\u00a0webapi:resource*/", near},
		{"//webapi\ua789require GET a", near},
		{"//webapi\u2236require GET a", near},
		{"//w\u0435b\u0430\u0440\u0456:require GET a", near},
		{"//w\u0435bapi:r\u0435quir\u0435 GET a", near},
		{"//\uff57\uff45\uff42\uff41\uff50\uff49:require GET a", near},
		{"//we\u0301bapi:require GET a", near},
		{"//" + strings.Repeat(" ", 5000) + "webapi:require GET a", near},

		{"// webapi requires a token", prose},
		{"// webapi requires GET requests to carry a token, and all others too", prose},
		{"// webapi require statements are explained below", prose},
		{"// webapi require: see below", prose},
		{"// webapi describes what is done", prose},
		{"// webapi resources are guarded", prose},
		{"// webapp: require a login", prose},
		{"// webapp: describe what it does", prose},
		{"// webpack: require x", prose},
		{"// Web API: requires a token", prose},
		{"// Web API resource types", prose},
		{"// - webapi:resource makes a resource", prose},
		{"// # webapi:require", prose},
		{"// \"webapi:require GET a\" guards it", prose},
		{"// (webapi:require GET a) guards it", prose},
		{"// //webapi:require GET a", prose},
		{"//\t// webapi:require GET a", prose},
		{"// webapi.require is no name", prose},
		{"//webapi.example.com/require GET a", prose},
		{"/*\n\t//webapi:require GET a\n*/", prose},
		{"//" + strings.Repeat("/", 100) + "webapi:require GET a", prose},

		{"// webapi: the resources of this package are guarded.", prose},
		{"// WebAPI: see the documentation.", prose},
		{"// webapi guards resources: it denies.", prose},
		{"// The line //webapi:resource makes it a resource.", prose},
		{"// See webapi:resource.", prose},
		{"// webapi: resource types are listed below.", prose},
		{"//go:webapi resource", prose},
		{"//nolint:webapi", prose},
		{"//api:resource", prose},
		{"//webapix2:resource", prose},
		{"//webhooks:resource", prose},
		{"// weba\u0440i: \u0440\u0435\u0441\u0443\u0440\u0441\u044b", prose},
		{"/*\nwebapi: resources are guarded.\n*/", prose},
		{"/* webapi: it guards */", prose},
		{"/*\n\twebapi-gen: scopes of a package\n*/", prose},
	} {
		t.Run(test.comment, func(t *testing.T) {
			src := "package p\n\n" + test.comment + "\n\ntype A struct{}\n"
			got := reports(src)
			if got == "" && test.want == prose {
				return
			}
			if strings.Count(got, "[WA") != 1 || !strings.HasSuffix(got, "["+test.want+"]") {
				t.Errorf("reports %q, want one of [%s]", got, test.want)
			}
			if !annotations.MayHaveDirective([]byte(src)) {
				t.Error("MayHaveDirective hides it")
			}
		})
	}
}

// MayHaveDirective may return true for a file without directives, but mostly returns false.
func TestMayHaveDirective(t *testing.T) {
	for src, want := range map[string]bool{
		"":                            false,
		"/":                           false,
		"package p\n":                 false,
		"package p // plain: comment": false,
		"package p\n\nimport \"github.com/webapi-gen/webapi-gen/webapi\"\n": false,
		"package p\n\n// See https://webapi.example:443/.\n":                false,
		"package p\n\nvar u = \"//webapi:resource\"\n":                      true,
		"package p\n\nvar u = `/*` //webapi:resource\n":                     true,
		"package p\n\nvar u = 1 /*x*//*\nwebapi:resource":                   true,
		"package p\r\n\r\n//webapi:scope a\r\n":                             true,
		"//webapi:":                                                         true,
	} {
		if got := annotations.MayHaveDirective([]byte(src)); got != want {
			t.Errorf("MayHaveDirective(%q) = %t, want %t", src, got, want)
		}
	}
}

// MayHaveDirective finds a directive among many comments. If it took more than
// linear time, this test would not end.
func TestMayHaveDirectiveTakesLinearTime(t *testing.T) {
	for i, unit := range loads {
		size := 1 << 16
		if i < 3 { // what files have
			size = 1 << 21
		}
		text := strings.Repeat(unit, size/len(unit))
		if annotations.MayHaveDirective([]byte(text)) {
			t.Errorf("MayHaveDirective says yes to many of %q", unit)
		}
		if !annotations.MayHaveDirective([]byte(text + "\n//webapi:require GET a")) {
			t.Errorf("MayHaveDirective hides what follows many of %q", unit)
		}
		if strings.Contains(unit, "`") {
			continue
		}
		if got := reports("package p\n\n//" + strings.ReplaceAll(text, "\n", " ")); got != "" {
			t.Errorf("reports %q", got)
		}
	}
}

// loads are texts that a careless search takes quadratic time for.
var loads = []string{
	`{"url":"https://example.com/a/b"},`,
	"/", "//", "// ", "//\n", "/*", "/* ", "/*/", "/**/", "*/", "*//*", "/*\n", "/*\n//", "//*", "// * ", "//webapi", "//webapi ",
	"//webapi: it\n", "//web api ", "//-", "//\u200b", "//\u0435", "\u200b", "//w ", " ", "\t//  ", "/*a*", "// x             ",
}

func BenchmarkMayHaveDirective(b *testing.B) {
	for name, text := range map[string]string{
		"go":      strings.Repeat("// Get returns the note, see https://example.com/.\nfunc (n *Note) Get() int { return n.a / n.b } // as it is\n", 1<<20/110),
		"urls":    strings.Repeat(`{"url":"https://example.com/a/b"},`, 1<<20/34),
		"slashes": strings.Repeat("/", 1<<20),
	} {
		b.Run(name, func(b *testing.B) {
			src := []byte(text)
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				annotations.MayHaveDirective(src)
			}
		})
	}
}
