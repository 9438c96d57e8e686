package annotations_test

import (
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// What a comment is to the language.
const (
	ours  = "WA012" // a directive, here attached to nothing
	near  = "WA011"
	prose = ""
)

func TestVerdictOnComments(t *testing.T) {
	for _, test := range []struct{ comment, want string }{
		{"//webapi:resource", ours},
		{"//webapi:resource name=x", ours},
		{"//webapi:resource\tname=x", ours},

		// As Go does not take it.
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

		// The tool in another spelling.
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

		// Marks of other tools and languages.
		{"///webapi:resource", near},
		{"//+webapi:resource", near},
		{"// +webapi:resource", near},
		{"// @webapi:resource", near},

		// Comments that no directive can be.
		{"/*webapi:resource*/", near},
		{"/* webapi:resource name=x */", near},
		{"/*\nwebapi:resource\n*/", near},
		{"/*\n * webapi:require GET a\n */", near},
		{"/**\r\n * webapi:resource\r\n */", near},

		// What looks like a directive and is another text.
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
			if !annotations.Mentions([]byte(src)) {
				t.Error("Mentions hides it")
			}
		})
	}
}

// Mentions may say yes where nothing is, but saves work by saying no.
func TestMentionsIsCheap(t *testing.T) {
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
		if got := annotations.Mentions([]byte(src)); got != want {
			t.Errorf("Mentions(%q) = %t, want %t", src, got, want)
		}
	}
}
