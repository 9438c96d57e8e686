package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/go-yaml"

	"github.com/webapi-gen/webapi-gen/generator"
)

// documents are public descriptions of APIs, cut to what says who may call what. Their
// first lines, or their descriptions, say where they are from.
var documents = []struct {
	name, file string
	args       []string
	meaning    func(operation string) string // of a list of several scopes
}{
	{"figma", "figma.yaml", []string{"--lists=any", "--scheme=PersonalAccessToken=apitoken"}, anyOf},
	{"slack", "slack.json", []string{"--lists=any"}, anyOf},
	{"slackall", "slack.json", []string{"--lists=all", "--group=tag"}, allOf},
	{"spotify", "spotify.yaml", []string{"--lists=any", "--group=tag"}, anyOf},
	{"xero", "xero.yaml", []string{"--lists=any"}, anyOf},
	{"box", "box.json", nil, anyOf},
	{"digitalocean", "digitalocean/openapi.yaml",
		[]string{"--lists=@testdata/documents/digitalocean/lists.txt", "--scheme=inference_bearer_auth=apitoken"},
		func(operation string) string {
			if strings.HasSuffix(operation, " /v2/volumes") {
				return listAny
			}
			return listAll
		}},
	{"tasks", "tasks.json", []string{"--lists=any"}, anyOf},
	{"features", "features.yaml", []string{"--lists=all", "--scheme=key=apitoken", "--scheme=cookie=login", "--scheme=gateway=ignored"}, allOf},
}

func anyOf(string) string { return listAny }
func allOf(string) string { return listAll }

// apiTokens and logins are the schemes of documents that are not OAuth2, and ignored those
// that are as if they were not there.
var (
	apiTokens = []string{"PersonalAccessToken", "inference_bearer_auth", "key"}
	logins    = []string{"cookie"}
	ignoredBy = []string{"gateway"}
)

// A question asks a guard of a generated package.
type question struct {
	Resource, Operation string
	Kind                string // none, oauth2 or apitoken
	Scopes              []string

	of      string // the operation of the document
	allowed bool   // the answer of the document
}

// TestDocuments imports each document, generates and compiles the guards, and asks them of
// each operation with each set of its scopes. The answers must be those that the document
// gives, which are worked out here in another way than import does.
func TestDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	module := t.TempDir()
	var questions []question
	var resources []string
	for _, d := range documents {
		dir := filepath.Join(module, d.name)
		args := append([]string{"-o", filepath.Join(dir, "webapi.yaml"), filepath.Join("testdata", "documents", filepath.FromSlash(d.file))}, d.args...)
		var out, errs bytes.Buffer
		if code := run(args, &out, &errs); code != exitDone {
			t.Fatalf("%s: exit code %d\n%s", d.name, code, &errs)
		}
		guards, types := mapping(t, filepath.Join(dir, "webapi.yaml"))
		for _, typ := range types {
			resources = append(resources, d.name+"."+typ)
		}
		doc := load(t, filepath.Join("testdata", "documents", filepath.FromSlash(d.file)))
		before := len(questions)
		for operation, security := range doc.operations {
			guard, ok := guards[operation]
			if !ok {
				t.Errorf("%s: %s is not in the spec", d.name, operation)
				continue
			}
			for _, q := range ask(operation, security, d.meaning(operation)) {
				q.Resource, q.Operation = d.name+"."+guard[0], guard[1]
				q.of = d.name + " " + operation
				questions = append(questions, q)
			}
		}
		if len(guards) != len(doc.operations) {
			t.Errorf("%s: the spec has %d operations, the document has %d", d.name, len(guards), len(doc.operations))
		}
		t.Logf("%s: %d operations, %d questions", d.name, len(doc.operations), len(questions)-before)
	}
	result, err := generator.Generate(t.Context(), generator.Config{Dir: module, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range result.Lint {
		if w.Code != "WA082" { // scope names of different documents that are alike
			t.Errorf("warning: %v", w)
		}
	}
	if err := result.Write(); err != nil {
		t.Fatal(err)
	}
	for i, allowed := range answersOf(t, module, resources, questions) {
		if q := questions[i]; allowed != q.allowed {
			t.Errorf("%s, %s %s with %s %q: the guard says %t, the document %t", q.of, q.Resource, q.Operation, q.Kind, q.Scopes, allowed, q.allowed)
		}
	}
}

// mapping reads a spec as its user does: the guard of each operation stands in the line
// that has its path. It also returns the types.
func mapping(t *testing.T, path string) (guards map[string][2]string, types []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	guards = map[string][2]string{}
	operation := regexp.MustCompile(`^      - ([A-Z]+)(/\S+)?(?: # (.*))?$`)
	var paths []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if typ, ok := strings.CutPrefix(line, "  - type: "); ok {
			types = append(types, typ)
		}
		if path, ok := strings.CutPrefix(line, "      # "); ok {
			paths = append(paths, path)
		}
		m := operation.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if m[3] != "" && !strings.HasPrefix(m[3], "no path;") {
			paths = append(paths, m[3])
		}
		for _, route := range paths {
			if !strings.Contains(route, " ") {
				route = m[1] + " " + route
			}
			if guards[route] != [2]string{} {
				t.Errorf("%s: %s has two guards", path, route)
			}
			guards[route] = [2]string{types[len(types)-1], m[1] + m[2]}
		}
		paths = nil
	}
	return guards, types
}

// A plainDocument is what a document says, in plain values.
type plainDocument struct {
	operations map[string][]any // METHOD path: its security, nil if everybody may call it
}

func load(t *testing.T, path string) plainDocument {
	t.Helper()
	root := loadFile(t, path)
	doc := plainDocument{operations: map[string][]any{}}
	if root["kind"] != nil {
		discovery(&doc, root["servicePath"].(string), root)
		return doc
	}
	paths := root["paths"].(map[string]any)
	for name, item := range paths {
		item := item.(map[string]any)
		if ref, ok := item["$ref"].(string); ok { // of features.yaml, to another path of it
			item = root["components"].(map[string]any)["pathItems"].(map[string]any)[filepath.Base(ref)].(map[string]any)
		}
		for method, op := range item {
			if !slices.Contains([]string{"get", "head", "options", "post", "put", "patch", "delete"}, method) {
				continue
			}
			op := op.(map[string]any)
			if ref, ok := op["$ref"].(string); ok {
				op = loadFile(t, filepath.Join(filepath.Dir(path), ref))
			}
			security, ok := op["security"].([]any)
			if !ok {
				security, _ = root["security"].([]any)
			}
			doc.operations[strings.ToUpper(method)+" "+name] = security
		}
	}
	return doc
}

func discovery(doc *plainDocument, prefix string, resource map[string]any) {
	methods, _ := resource["methods"].(map[string]any)
	for _, m := range methods {
		m := m.(map[string]any)
		doc.operations[m["httpMethod"].(string)+" /"+prefix+m["path"].(string)] = []any{map[string]any{"oauth2": m["scopes"]}}
	}
	inner, _ := resource["resources"].(map[string]any)
	for _, r := range inner {
		discovery(doc, prefix, r.(map[string]any))
	}
}

func loadFile(t *testing.T, path string) (root map[string]any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	return root
}

// ask returns the questions about an operation, with the answers of its document.
func ask(operation string, security []any, meaning string) []question {
	var all []string
	for _, alt := range security {
		for scheme, list := range alt.(map[string]any) {
			if !slices.Contains(apiTokens, scheme) {
				for _, s := range list.([]any) {
					all = append(all, s.(string))
				}
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	questions := []question{
		{Kind: "none", allowed: meets(security, "none", nil, meaning)},
		{Kind: "apitoken", allowed: meets(security, "apitoken", nil, meaning)},
	}
	for set := range 1 << len(all) {
		scopes := []string{"foreign"}
		for i, s := range all {
			if set&(1<<i) != 0 {
				scopes = append(scopes, s)
			}
		}
		questions = append(questions, question{Kind: "oauth2", Scopes: scopes, allowed: meets(security, "oauth2", scopes, meaning)})
	}
	return questions
}

// meets reports whether a request meets one of the security requirements. One without
// credentials meets the empty one only. One with a token does not meet the empty one
// beside others that tokens can meet: a client that shows who it is is held to it. The empty
// one beside one for any OAuth2 token is for everybody.
func meets(security []any, kind string, scopes []string, meaning string) bool {
	open, tokens, anyToken := len(security) == 0, false, false
	for _, alt := range security {
		alt := alt.(map[string]any)
		met, needs, kinds := true, 0, map[string]bool{}
		oauth2 := true
		for scheme, list := range alt {
			if slices.Contains(ignoredBy, scheme) && len(alt) > 1 {
				continue
			}
			needs++
			switch {
			case slices.Contains(logins, scheme), slices.Contains(ignoredBy, scheme):
				met, kinds["login"] = false, true
			case slices.Contains(apiTokens, scheme):
				met, kinds["apitoken"] = met && kind == "apitoken", true
			default:
				has, count := 0, len(list.([]any))
				kinds["oauth2"] = true
				oauth2 = oauth2 && count == 0
				for _, s := range list.([]any) {
					if slices.Contains(scopes, s.(string)) {
						has++
					}
				}
				met = met && kind == "oauth2" && (count == 0 || has == count || meaning == listAny && has > 0)
			}
		}
		one := len(kinds) == 1 && !kinds["login"]
		tokens = tokens || one
		anyToken = anyToken || one && kinds["oauth2"] && oauth2
		switch {
		case needs == 0:
			open = true
		case met:
			return true
		}
	}
	return open && (kind == "none" || !tokens || anyToken)
}

// answersOf compiles the packages of a module and asks their guards.
func answersOf(t *testing.T, module string, resources []string, questions []question) []bool {
	t.Helper()
	runtime, err := filepath.Abs("../../webapi")
	if err != nil {
		t.Fatal(err)
	}
	var imports, table strings.Builder
	for _, d := range documents {
		fmt.Fprintf(&imports, "\t%q\n", "x/"+d.name)
	}
	for _, r := range resources {
		fmt.Fprintf(&table, "\t%q: new(%s),\n", r, r)
	}
	for name, text := range map[string]string{
		"go.mod":  fmt.Sprintf("module x\n\ngo 1.26\n\nrequire github.com/webapi-gen/webapi-gen/webapi v0.0.0\n\nreplace github.com/webapi-gen/webapi-gen/webapi => %s\n", runtime),
		"main.go": fmt.Sprintf(asker, &imports, &table),
	} {
		if err := os.WriteFile(filepath.Join(module, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	input, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", ".")
	cmd.Dir, cmd.Env, cmd.Stdin = module, append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod"), bytes.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var answers []bool
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}

// asker is a program that asks guards what it reads. %s are imports and resources.
const asker = `package main

import (
	"context"
	"encoding/json"
	"os"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"
%s)

var resources = map[string]webapi.Resource{
%s}

func main() {
	var questions []struct {
		Resource, Operation, Kind string
		Scopes                    []string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	policy, err := webapi.ParsePolicy([]byte(` + "`{\"resources\": {\"*\": {\"allow\": [\"*\"]}}}`" + `))
	if err != nil {
		panic(err)
	}
	answers := make([]bool, len(questions))
	for i, q := range questions {
		ctx := context.Background()
		switch q.Kind {
		case "oauth2":
			scopes, err := webapi.ParseScopes(strings.Join(q.Scopes, " "))
			if err != nil {
				panic(err)
			}
			ctx = webapi.WithToken(ctx, webapi.Token{NoExpiry: true, Scopes: scopes})
		case "apitoken":
			ctx = webapi.WithToken(ctx, webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy})
		}
		answers[i] = webapi.Decide(ctx, resources[q.Resource], q.Operation, "1") == nil
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
`
