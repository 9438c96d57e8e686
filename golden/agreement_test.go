package golden

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
)

// TestSchemaAgrees checks entries of which the schema can judge as the tool
// does: both take them, or neither does.
func TestSchemaAgrees(t *testing.T) {
	s := compileSchema(t)
	for name, test := range map[string]struct {
		begin string
		fine  []string
		wrong []string
	}{
		"spec": {
			begin: "version: 1\npackage: notes\n",
			fine: []string{
				"", "defaults: {}", "scopes: {}", "resources: []", "dir: api", "dir: .", "dir: ..api", "dir: .api/..b", "dir: a/b",
				`scopes: {admin: "", "org:read": See it, "*/1": x}`, "scopes: {1: The first}",
				"scopes:\n  admin: |\n    Full control", "scopes: {admin: \"\\u0645\\u06cc\\u200c\\u062e\"}",
				"defaults: {methods: [GET], map: {PATCH: write}, oauth2: deny, apitokens: allow, anonymous: [], key: id}", "defaults: {anonymous: none}",
				"defaults: {public: [GET], authenticated: [POST], format: '{scope}.{action}'}", "defaults: {public: none, authenticated: []}",
			},
			wrong: []string{
				"Version: 1", "defaults:", "scopes:", "resources:", "resources: {}", "dir:", `dir: ""`, "dir: /api", "dir: ..", "dir: ../api",
				"defaults: {name: x}", "defaults: {scope: x}", "scopes: {admin: ~}", "scopes: {admin: 1}", `scopes: {"a b": x}`,
				`scopes: {"a\"b": x}`, `scopes: {"a\\b": x}`, `scopes: {"é": x}`, `scopes: {"": x}`, `scopes: {"*/": x}`, `scopes: {"a\n": x}`,
				`scopes: {admin: "a\nb"}`, `scopes: {admin: "a\u202eb"}`, `scopes: {admin: "a\u200bb"}`, `scopes: {admin: "a\uFFFDb"}`,
				`scopes: {admin: "a\tb"}`,
			},
		},
		"package": {
			begin: "version: 1\npackage: ",
			fine:  []string{"notes", "_notes", "übung", "n2", "main", "string"},
			wrong: []string{"web-api", "_", "documentation", "func", "2n", `""`, "~", "[notes]", `"a b"`},
		},
		"resource": {
			begin: "version: 1\npackage: notes\nscopes: {admin: Full control}\nresources:\n- type: NoteResource\n  declare: true\n  ",
			fine: []string{
				"", "name: note", "name: n.o-t_3", "scope: a:b", "scope: '*'", "scope: none", "policy: p",
				"methods: [GET]", "methods: [HEAD, GET]", "methods: [GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE]",
				"map: {GET: view}", "map: {PATCH: w.r-i_te2}", "oauth2: allow", "oauth2: deny", "apitokens: deny", "apitokens: allow",
				"anonymous: []", "anonymous: none", "anonymous: [none]", "anonymous: [GET]", "anonymous: [GET, HEAD]", "key: id", "key: none", "key: übung", "key: _",
				"description: What a person writes.", "description: |\n    What a person writes.", `description: " "`,
				"require: {}", "require: {GET: [[admin]]}", "require: {GET: [[admin, 'note:read'], ['note:write']]}",
				"methods: [GET, GET/list, POST/archive, DELETE/v_2]", "map: {POST/archive: archive}", "map: {GET/list: read, GET: view}",
				"methods: [GET, GET/list]\n  anonymous: [GET/list]", "methods: [POST/archive]\n  require: {POST/archive: [[admin]]}",
				"public: []", "public: none", "public: [GET, HEAD]", "authenticated: [none]", "authenticated: [GET]\n  public: [POST]",
				"format: '{action}:{scope}'", "format: https://example.com/{scope}.{action}", "format: '{SCOPE}_{ACTION}'", "format: '[{action}]|{scope}~'",
				"oauth2: deny\n  public: [GET]", "oauth2: deny\n  authenticated: none", "oauth2: deny\n  authenticated: []",
				"methods: [DELETE]\n  acr: {DELETE: [gold, 'urn:x:silver']}", "acr: {GET: ['!#~'], DELETE: [a]}", "maxage: {DELETE: 5m}", "maxage: {GET: 1h30m, POST: 90s, DELETE: 007s}",
				"methods: [DELETE, DELETE/purge]\n  acr: {DELETE/purge: [a]}\n  maxage: {DELETE/purge: 1s}", "oauth2: deny\n  maxage: {DELETE: 0h5m}",
				"describe: {}", "describe: {read: See it}", "map: {GET: view}\n  describe: {view: See it}",
			},
			wrong: []string{
				"nam: note", `name: ""`, "name: 2n", "name: ü", `name: "a b"`, `name: "note\n\n"`, "name: 2", "name: ~", "name: [note]",
				"scope: 'a b'", `scope: ""`, "scope: 'a:'", "scope: ':'", "scope: é", `scope: 'a"'`, `scope: 'a\'`, "policy: 'a:b'",
				"methods: []", "methods: GET", "methods: [get]", "methods: [CONNECT]", "methods: [TRACE]", "methods: [HEAD]", "methods: [HEAD, PUT]",
				"methods: [GET, GET]", "methods: [none]", `methods: [""]`, "methods: [1]", "map: {}", "map: []", "map: {HEAD: read}",
				"map: {view: GET}", `map: {GET: ""}`, "map: {GET: 'a b'}", "map: {GET: ~}", "map: {TRACE: read}", "oauth2: yes", "oauth2: true",
				"oauth2: Allow", `apitokens: ""`, "anonymous: None", "anonymous: GET", "anonymous:", "anonymous: [none, GET]", "anonymous: [GET, none]",
				"anonymous: [HEAD]", "anonymous: [GET, GET]", "anonymous: [all]", `key: ""`, "key: 'a b'", "key: func", "key: 1",
				`description: ""`, `description: "a\nb"`, "description: 1", "require:", "require: []", "require: {GET: []}", "require: {GET: [[]]}",
				"require: {GET: [admin]}", "require: {GET: admin}", "require: {HEAD: [[admin]]}", "require: {TRACE: [[admin]]}",
				"require: {get: [[admin]]}", "require: {GET: [[admin, admin]]}", "require: {GET: [[admin], [admin]]}", "require: {GET: [['a b']]}",
				"methods: [POST/]", "methods: [HEAD/exists]", "methods: [POST/Archive]", "methods: [post/archive]", "methods: [POST/mark-read]", "methods: [POST/a/b]",
				"methods: [TRACE/x]", "methods: [/archive]", "methods: [POST/_a]", "methods: [POST/a__b]", "methods: [POST/2]", "methods: [POST/archive, POST/archive]",
				"map: {HEAD/list: read}", "map: {POST/Archive: archive}", "require: {HEAD/list: [[admin]]}", "require: {POST/: [[admin]]}",
				"public: GET", "public: [HEAD]", "public: [none, GET]", "public: [get]", "public:", "authenticated: [GET, GET]", "authenticated: true",
				"format: '{foo}:{action}'", "format: '{scope'", "format: 'scope}'", "format: read", "format: ''", "format: '{scope} {action}'", "format: '{scope}é{action}'",
				"format: {action}", "format: none", `format: '{scope}"{action}'`, "format: '{scope}\\{action}'",
				"oauth2: deny\n  authenticated: [GET]", "oauth2: deny\n  format: '{action}'",
				"acr: {}", "acr: [gold]", "acr:", "acr: {DELETE: gold}", "acr: {DELETE: []}", "acr: {DELETE: ['a b']}", "acr: {DELETE: ['a,b']}", "acr: {DELETE: ['a|b']}",
				"acr: {DELETE: [a, a]}", "acr: {HEAD: [a]}", "acr: {delete: [a]}", "acr: {DELETE: [1]}", `acr: {DELETE: ['a"b']}`, "acr: {DELETE: ['a\\b']}", "acr: {DELETE: [é]}",
				"maxage: {}", "maxage: 5m", "maxage: {DELETE: 5}", "maxage: {DELETE: '5'}", "maxage: {DELETE: 0s}", "maxage: {DELETE: -5m}", "maxage: {DELETE: 500ms}",
				"maxage: {DELETE: 5m 3s}", "maxage: {DELETE: ''}", "maxage: {HEAD: 5m}", "maxage: {TRACE: 5m}", "maxage: {DELETE: [5m]}", "maxage: {DELETE: 5d}", "maxage: {DELETE: m}", "maxage: {DELETE: 0h0m}", "maxage: {DELETE: 1.5h}", "maxage: {DELETE: 5s1m}", "maxage: {DELETE: 60000ms}",
				"describe:", "describe: {read: ''}", "describe: {read: 1}", `describe: {read: "a\u2028b"}`, "describe: {'a b': x}",
				"oauth2: deny\n  scope: x", "oauth2: deny\n  require: {GET: [[admin]]}", "oauth2: deny\n  describe: {read: See it}",
			},
		},
		"declare": {
			begin: "version: 1\npackage: notes\nresources:\n- type: NoteResource\n  declare: ",
			fine:  []string{"true", "True", "TRUE"},
			wrong: []string{"yes", "1", "'true'", "", "[true]"},
		},
		"declared type": {
			begin: "version: 1\npackage: notes\nresources:\n- declare: true\n  type: ",
			fine:  []string{"NoteResource", "_x", "Übung\n  name: exercise", "any", "int"},
			wrong: []string{"http", "webapi", "bool", "error", "string", "'true'", "'false'", "nil", "init", "main", "_", "WebAPIResources", "webAPIResources", "func", "Note Resource", `""`, "~", "1", "NoteResource\n  super: Base"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, entry := range test.fine {
				agree(t, s, test.begin+entry+"\n", true)
			}
			for _, entry := range test.wrong {
				agree(t, s, test.begin+entry+"\n", false)
			}
		})
	}
}

// agree checks that the tool and the schema take a spec, or that neither does.
func agree(t *testing.T, s *jsonschema.Schema, spec string, fine bool) {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{"api", "..api", ".api/..b", "a/b"} { // what dir: names must be there
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"go.mod": "module golden\n", "webapi.yaml": spec} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, err := generator.Generate(t.Context(), generator.Config{Dir: dir})
	if diags := (diag.List)(nil); err != nil && !errors.As(err, &diags) {
		t.Fatal(err)
	}
	if (err == nil) != fine {
		t.Errorf("the tool says %v of\n%s", err, spec)
	}
	if err := judge(t, s, []byte(spec)).err; (err == nil) != fine {
		t.Errorf("the schema says %v of\n%s", err, spec)
	}
}
