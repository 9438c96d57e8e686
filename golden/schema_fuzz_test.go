package golden

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/model"
)

// FuzzSchema checks that the tool has an error in each spec that the schema refuses: an
// editor must not mark what is fine.
func FuzzSchema(f *testing.F) {
	for _, file := range caseFiles(f) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, spec := range specsOf(f, archive) {
			f.Add(spec.Data)
		}
	}
	s := compileSchema(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		v := judge(t, s, data)
		if v.err == nil {
			return
		}
		spec, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: data})
		if len(diags) > 0 || spec == nil || !filepath.IsLocal(spec.Dir.Value) && spec.Dir.Value != "" { // the generator looks at the folder
			return
		}
		if _, diags = model.Resolve(nil, &spec.Package); len(diags) == 0 {
			t.Errorf("the spec is fine to the tool, but not to the schema: %v\n%s", v.err, data)
		}
	})
}
