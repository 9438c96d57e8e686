package lint

import (
	"go/token"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzPacked checks that what is unpacked is what was packed.
func FuzzPacked(f *testing.F) {
	f.Add("note note:read note:write NoteResource a/note.go", uint64(1))
	f.Add("a aa aaa aaaa aaaaa", uint64(2))
	f.Add("\x00 \xff\xfe É", uint64(3))
	f.Add(strings.Repeat("long", 100)+" long", uint64(4))
	f.Fuzz(checkPacked)
}

func TestPacked(t *testing.T) {
	for seed := range uint64(2000) {
		checkPacked(t, "x review1 review1:read review1:write Review1Resource api/review1.go", seed)
	}
}

// checkPacked packs random contents that consist of words.
func checkPacked(t *testing.T, words string, seed uint64) {
	r := randomPacked{rand.New(rand.NewPCG(seed, 2)), append(strings.Split(words, " "), "")}
	want, resources := r.contents(), r.resources()
	var packed []byte
	var w writer
	w.contents(&want)
	for i := range resources {
		if r.flag() { // another writer goes on
			packed, w = append(packed, w.data...), writer{}
		}
		w.resource(&resources[i])
	}
	packed = append(packed, w.data...)
	all := &run{packages: []Package{{string(packed)}, {string(packed)}}} // into the same memory twice
	for p := range all.opened() {
		var got []resource
		for res := range p.resources() {
			res := *res
			res.scopes = append([]scope(nil), res.scopes...)
			got = append(got, res)
		}
		types := cmp.AllowUnexported(contents{}, declared{}, resource{}, scope{})
		if diff := cmp.Diff(want, p.contents, types, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("contents (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(resources, got, types, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("resources (-want +got):\n%s", diff)
		}
	}
}

type randomPacked struct {
	*rand.Rand
	words []string
}

func (r randomPacked) word() string { return r.words[r.IntN(len(r.words))] }

func (r randomPacked) list() []string {
	var list []string
	for range r.IntN(3) {
		list = append(list, r.word())
	}
	return list
}

func (r randomPacked) flag() bool { return r.IntN(2) == 0 }

func (r randomPacked) pos() token.Position {
	return token.Position{Filename: r.word(), Line: r.IntN(300), Column: r.IntN(3), Offset: r.Int() >> r.IntN(63)}
}

func (r randomPacked) contents() contents {
	c := contents{folder: r.word(), whole: r.flag(), known: r.list(), foreign: r.list()}
	for range r.IntN(3) {
		c.aside = append(c.aside, Aside{r.pos(), r.word()})
		c.declared = append(c.declared, declared{r.pos(), r.word(), r.word(), r.word()})
	}
	return c
}

func (r randomPacked) resources() []resource {
	var list []resource
	for range r.IntN(4) {
		res := resource{r.pos(), r.word(), r.word(), r.word(), r.word(), r.flag(), r.flag(), r.word(), nil}
		for range r.IntN(4) {
			s := scope{value: r.word(), text: r.word(), required: r.flag()}
			if !s.required {
				s.constant, s.mapped = r.word(), r.word()
			}
			res.scopes = append(res.scopes, s)
		}
		list = append(list, res)
	}
	return list
}
