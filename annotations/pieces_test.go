package annotations_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// resources is a spec that is read in pieces, with what is special at their ends.
const resources = `# about
version: 1
package: api
defaults: { map: { PATCH: write }, anonymous: [] }
scopes:
  admin: Full control
resources: # all of them

  # the first
  - type: AResource
    name: "é: a"
    require:
      DELETE: [[a:destroy, a:write], [admin]]
  # the second
  - description: >
      folded
      text
    type: BResource
  -
    type: CResource
    describe: {read: 'See
      it''s', write: "a\n\
      b"}

  -   declare: true # here
      type: DResource
      methods:
      - GET
      - POST
  - type: EResource
    name: plain
      and longer
    description: |+
      kept

# not indented
  - ? type
    : FResource
    description: |2-
        more
  - {type: GResource,
     key: id}
`

// notIndented is a spec whose list begins at the column of its key.
const notIndented = `version: 1
package: p
resources:
- type: A
  name: a
  methods:
  - GET
  - POST

- type: B
# x
-
  type: C
  describe:
    read: "to read
      it"
`

// checkPieces checks that a spec that can be read in pieces says what it says as a
// whole, and reports whether it can.
func checkPieces(t *testing.T, text string) bool {
	t.Helper()
	src := annotations.Source{Path: "p/webapi.yaml", Data: []byte(text)}
	taken := false
	var whole *annotations.Spec
	for _, size := range []int{0, 100} {
		got := annotations.ReadSpecPieces(src, size)
		if got == nil {
			continue
		}
		taken = true
		if whole == nil {
			spec, diags := annotations.ReadSpecWhole(src)
			if len(diags) > 0 {
				t.Fatalf("pieces hide %v in\n%s\n%[2]q", diags, text)
			}
			whole = spec
		}
		if !reflect.DeepEqual(got, whole) {
			t.Fatalf("in pieces of %d bytes (-whole +pieces):\n%s\nof\n%s\n%[3]q", size, cmp.Diff(whole, got), text)
		}
	}
	return taken
}

func TestPieces(t *testing.T) {
	for name, text := range map[string]string{
		"all":               resources,
		"CRLF":              strings.ReplaceAll(resources, "\n", "\r\n"),
		"byte order mark":   "\ufeff" + resources,
		"no line at end":    strings.TrimSuffix(resources, "\n"),
		"document start":    "---\n" + resources,
		"not indented":      notIndented,
		"indented by one":   "version: 1\npackage: p\nresources:\n - type: A\n -  type: B\n -\n  type: C\n",
		"other characters":  "version: 1\npackage: p\nresources:\n- {\"type\": \"é日本\", name: \"é\"}\n- {type: é, name: 日本}\n",
		"long comments":     "version: 1\npackage: p\nresources:\n- type: A\n" + strings.Repeat("# c"+strings.Repeat(" ", 300)+"\n\n", 5) + "- type: B\n",
		"kept line breaks":  "version: 1\npackage: p\nresources:\n- type: A\n  name: |+\n    a\n\n\n- name: >+\n    b\n\n  type: B\n",
		"block scalars":     "version: 1\npackage: p\nresources:\n  - type: |\n      A\n  - type: >1-\n     B\n  - type: |-\n\n\n      C\n    \n  - type: D\n",
		"quotes over lines": "version: 1\npackage: p\nresources:\n  - type: \"A\n\n     - B\"\n  - type: 'C\n     # D'\n",
	} {
		t.Run(name, func(t *testing.T) {
			if !checkPieces(t, text) {
				t.Errorf("it is not read in pieces:\n%s", text)
			}
		})
	}
}

// Each spec has something because of which it must be read as a whole.
func TestNoPieces(t *testing.T) {
	const head = "version: 1\npackage: p\nresources:\n"
	for name, text := range map[string]string{
		"empty":                      "",
		"no resources":               "version: 1\npackage: p\nresources:\n",
		"no line after the key":      "version: 1\npackage: p\nresources:",
		"a value before the list":    "version: 1\npackage: p\nresources: x\n  - type: A\n",
		"a block scalar":             "version: 1\npackage: p\nresources: |\n  - type: A\n",
		"a null that is written":     "version: 1\npackage: p\nresources: ~\n  - type: A\n",
		"a tag of the list":          "version: 1\npackage: p\nresources: !!seq\n  - type: A\n",
		"an anchor of the list":      "version: 1\npackage: p\nresources: &r\n  - type: A\n",
		"an entry after the list":    head + "- type: A\nscopes: {a: b}\n",
		"an entry after a quote":     head + "  - type: \"A\n\n  - type: B\"\n",
		"in quotes":                  "version: 1\npackage: p\ndir: \"\nresources:\n  - type: A\n\"\n",
		"the key in quotes":          "version: 1\npackage: p\n\"resources\":\n  - type: A\n",
		"repeated":                   "version: 1\npackage: p\nresources:\nresources:\n  - type: A\n",
		"braces":                     "{version: 1, package: p,\nresources:\n  [\n  - type: A\n]}",
		"open braces":                head + "  - {type: A,\n  - type: B}\n",
		"open brackets":              head + "  - type: A\n    methods: [GET,\n  - POST]\n",
		"a mistake in the head":      "version: 2\npackage: p\nresources:\n  - type: A\n",
		"a mistake in an item":       head + "  - type: A\n  - typ: B\n",
		"a harmless mistake":         head + "  - type: A\n    describe: {read: 1}\n",
		"an item without a value":    head + "  -\n  - type: B\n",
		"no mapping":                 head + "  - - type: A\n  - type: B\n",
		"an anchor":                  head + "  - &a\n    type: A\n",
		"an alias":                   "version: 1\npackage: p\ndefaults: &a {key: id}\nresources:\n  - *a\n",
		"a merge key":                head + "  - type: A\n    <<: {name: a}\n",
		"a tag":                      head + "  - type: !!str A\n",
		"a tag directive":            "%TAG ! tag:yaml.org,2002:\n---\nversion: 1\npackage: p\nresources:\n  - type: !str A\n",
		"a second document":          head + "- type: A\n---\n- type: B\n",
		"an end of document":         head + "- type: A\n...\n- type: B\n",
		"an end of document, CR":     head + "- type: A\n  name: a\r...\r- type: B\n",
		"a directive":                head + "- type: A\n%YAML 1.1\n- type: B\n",
		"less indentation":           head + "  - type: A\n - type: B\n",
		"a key of less indentation":  head + "  - type: A\n name: b\n",
		"an item with a tab":         head + "  - type: A\n  -\ttype: B\n",
		"a tab in front":             head + "  - type: A\n\t- type: B\n",
		"a lone carriage return":     head + "  - type: A\rscopes: {}\n  - type: B\n",
		"a separator of Unicode":     head + "  - type: A\u2028scopes: {}\n  - type: B\n",
		"next line":                  head + "  - type: \"A\u0085\"\n",
		"a byte order mark inside":   head + "  - type: A\n\ufeff  - type: B\n",
		"two byte order marks":       "\ufeff\ufeff" + head + "  - type: A\n",
		"a character of control":     head + "  - type: A\n  - type: \x01\n",
		"not UTF-8":                  head + "  - type: A\n  - type: \xff\n",
		"the list's items elsewhere": "resources:\n  x:\n  - type: A\n",
	} {
		t.Run(name, func(t *testing.T) {
			if checkPieces(t, text) {
				t.Errorf("it is read in pieces:\n%s", text)
			}
		})
	}
}

// goldenSpecs returns the specs of all golden cases.
func goldenSpecs(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../golden/cases/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var specs []string
	for _, name := range files {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				specs = append(specs, string(f.Data))
			}
		}
	}
	if len(specs) < 50 {
		t.Fatalf("only %d specs in the golden cases", len(specs))
	}
	return specs
}

func TestPiecesOfGoldenSpecs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, text := range goldenSpecs(t) {
		checkPieces(t, text)
		checkMutants(t, random, text, 200)
	}
}

func TestPiecesOfMutants(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, text := range []string{resources, strings.ReplaceAll(resources, "\n", "\r\n"), notIndented} {
		const n = 3000
		if taken := checkMutants(t, random, text, n); taken < n/10 {
			t.Errorf("only %d of %d changes of a text are read in pieces:\n%s", taken, n, text)
		}
	}
}

// checkMutants checks n texts that are made of one by a few changes. It returns how
// many of them are read in pieces.
func checkMutants(t *testing.T, random *rand.Rand, text string, n int) int {
	taken := 0
	for range n {
		mutant := text
		for range 1 + random.IntN(3) {
			mutant = mutate(random, mutant)
		}
		if checkPieces(t, mutant) {
			taken++
		}
	}
	return taken
}

// items are items of a list, between is what can stand between two.
var (
	items = []string{
		"- type: A\n", "-\n  type: A\n", "-   type: A # c\n    name: a\n", "- {type: A}\n", "- {\n    type: A,\n  # c\n    name: a }\n",
		"- type: A\n  name: a\n   - b\n", "- type: A\n  name: \"a\n\n    b\"\n", "- type: A\n  name: 'a\n   # b'\n", "- type: A\n  name: a#b # c\n",
		"- type: |\n    A\n", "- type: A\n  name: |+\n    a\n\n\n", "- type: A\n  name: >+\n\n    a\n   \n     b\n\n", "- type: A\n  name: |1 # c\n   a\n    b\n",
		"- # c\n  type: A\n", "- ? type\n  : A\n", "- ? type\n  # c\n  : |-\n   A\n", "- type: A\n  methods: # c\n  - GET\n  # d\n  - POST # e\n",
		"- type: A\n  methods: [GET, # c\n    POST,\n    ]\n  # d\n", "- type: A\n  describe:\n    # c\n    read: a\n    # d\n\n    # e\n",
		"- \"type\": é\n  name: 日本\n", "- type: A\n  description: " + strings.Repeat("long ", 400) + "\n",
	}
	between = []string{
		"\n", "\n\n", "# c\n", "  # c\n", "    # c\n", "\n# c\n\n", "   \n", strings.Repeat(" ", 600) + "\n", strings.Repeat("\n", 600),
		"# " + strings.Repeat("c ", 900) + "\n", strings.Repeat("  # c\n", 300), strings.Repeat(" ", 600) + "# c\n",
	}
)

// TestPiecesOfMixtures puts lists together at random.
func TestPiecesOfMixtures(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		indent := strings.Repeat(" ", random.IntN(4))
		text := "version: 1\npackage: p\nresources:\n"
		for range 2 + random.IntN(8) {
			item := items[random.IntN(len(items))]
			text += indent + strings.ReplaceAll(strings.TrimSuffix(item, "\n"), "\n", "\n"+indent) + "\n"
			for random.IntN(2) > 0 {
				text += between[random.IntN(len(between))]
			}
		}
		if !checkPieces(t, text) {
			t.Errorf("it is not read in pieces:\n%s", text)
		}
	}
}

// oddities are what a mutation puts somewhere.
var oddities = []string{
	" ", "  ", "- ", "-", "#", " # c", "# c\n", "\"", "'", "{", "}", "[", "]", ", ", ": ", ":", "? ", "| ", "|\n", "|+\n", ">-\n", "|2\n",
	"&a ", "*a", "!!str ", "!t ", "<<: ", "%", "\t", "\r", "\r\n", "\n", "\n\n", "\ufeff", "...\n", "---\n", "\u0085", "\u2028", "é", "~",
	"resources:\n", "resources: ", "type: A\n", "scopes: {a: b}\n", "  - type: X\n", "- type: X\n", "\\", "\x01", "\xff",
}

// mutate returns a text with one change.
func mutate(random *rand.Rand, text string) string {
	lines := strings.SplitAfter(text, "\n")
	at := random.IntN(len(lines))
	line := lines[at]
	odd := oddities[random.IntN(len(oddities))]
	switch random.IntN(7) {
	case 0:
		lines = slices.Delete(lines, at, at+1)
	case 1:
		lines = slices.Insert(lines, at, lines[random.IntN(len(lines))])
	case 2:
		lines[at] = odd + line
	case 3:
		lines[at] = " " + line
	case 4:
		lines[at] = strings.TrimPrefix(line, " ")
	case 5:
		column := random.IntN(len(line) + 1)
		lines[at] = line[:column] + odd + line[column:]
	case 6:
		indent := len(line) - len(strings.TrimLeft(line, " "))
		lines[at] = line[:indent] + odd + line[indent:]
	}
	return strings.Join(lines, "")
}

func FuzzPieces(f *testing.F) {
	for _, text := range append(goldenSpecs(f), resources, notIndented, spec) {
		f.Add(text)
	}
	f.Add(strings.ReplaceAll(resources, "\n", "\r\n"))
	f.Add("version: 1\npackage: p\nresources:\n- type: A\n- type: \"B\n- type: C\n- type: D\"\n")
	f.Add("version: 1\npackage: p\nresources:\n- {type: A,\n- type: B}\n- type: 'C\n  # D'\n# E\n")
	f.Add("version: 1\npackage: p\nresources:\n- name: |+\n\n\n- ? a\n  : |1\n   b\n\n# c\n- type: >\n\n  d\n")
	f.Fuzz(func(t *testing.T, text string) { checkPieces(t, text) })
}

// largeSpec returns a spec of n resources.
func largeSpec(n int) string {
	var text strings.Builder
	text.WriteString("version: 1\npackage: api\ndefaults: {map: {PATCH: write}, key: id}\nscopes: {admin: Full control}\nresources:\n")
	for i := range n {
		fmt.Fprintf(&text, "  - type: Review%04dResource\n    declare: true\n    name: review%04d\n", i, i)
		if i%2 == 0 {
			fmt.Fprintf(&text, "    require:\n      DELETE: [[\"review%04d:destroy\", \"review%04d:write\"], [admin]]\n", i, i)
		}
		text.WriteString("    methods: [GET, POST, PUT, DELETE]\n    describe: {read: \"See your reviews\"}\n")
	}
	return text.String()
}

func TestLargeSpec(t *testing.T) {
	large := largeSpec(2000)
	for name, text := range map[string]string{
		"right":         large,
		"wrong key":     strings.Replace(large, "name: review1500", "nmae: review1500", 1),
		"wrong head":    strings.Replace(large, "version: 1", "version: 2", 1),
		"harmless":      strings.Replace(large, "review1500:destroy", "", 1),
		"wrong indent":  strings.Replace(large, "    name: review1500", "   name: review1500", 1),
		"open quotes":   strings.Replace(large, "  - type: Review1500Resource", "  - type: \"Review1500Resource", 1),
		"an anchor":     strings.Replace(large, "  - type: Review1500Resource", "  - &a\n    type: Review1500Resource", 1),
		"another entry": large + "dir: sub\n",
	} {
		t.Run(name, func(t *testing.T) {
			src := annotations.Source{Path: "webapi.yaml", Data: []byte(text)}
			got, diags := annotations.ReadSpec(src)
			want, wantDiags := annotations.ReadSpecWhole(src)
			if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(diags, wantDiags) {
				t.Errorf("it is read as\n%s\nand %v, want no difference, and %v", cmp.Diff(want, got), diags, wantDiags)
			}
			if inPieces := annotations.ReadSpecPieces(src, 1<<10) != nil; inPieces != (name == "right") {
				t.Errorf("it is read in pieces: %t", inPieces)
			}
		})
	}
}

func BenchmarkReadSpec(b *testing.B) {
	src := annotations.Source{Path: "webapi.yaml", Data: []byte(largeSpec(10_000))}
	b.Run("pieces", func(b *testing.B) { benchmarkReading(b, src, annotations.ReadSpec) })
	b.Run("whole", func(b *testing.B) { benchmarkReading(b, src, annotations.ReadSpecWhole) })
}

func benchmarkReading(b *testing.B, src annotations.Source, read func(annotations.Source) (*annotations.Spec, diag.List)) {
	b.SetBytes(int64(len(src.Data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, diags := read(src); len(diags) > 0 {
			b.Fatal(diags)
		}
	}
}
