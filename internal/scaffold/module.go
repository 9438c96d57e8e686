package scaffold

import (
	"bytes"
	"errors"
	"go/token"
	"go/version"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/templates"
)

// The module of the tool, and its command.
const (
	toolModule = "github.com/webapi-gen/webapi-gen"
	toolPath   = toolModule + "/cmd/webapi-gen"
)

// toolLines is the first version of Go whose go.mod has tool lines.
const toolLines = "1.24"

// A goModule is the module that the package is in.
type goModule struct {
	place
	path    string // of its go.mod, as people know it
	data    []byte
	file    *modfile.File
	release string // the running tool's version, if it is a released one
	changed bool   // lines are planned for it
}

// readModule reads the go.mod. The error is a diag.List if something is wrong in it.
func (p place) readModule() (*goModule, error) {
	path := filepath.Join(p.root, "go.mod")
	m := &goModule{place: p, path: p.name(path)}
	var err error
	if m.data, err = os.ReadFile(path); err != nil {
		return nil, err
	}
	m.file, err = modfile.Parse(m.path, m.data, nil)
	var list modfile.ErrorList
	if !errors.As(err, &list) {
		return m, err
	}
	var diags diag.List
	for _, e := range list {
		pos := token.Position{Filename: m.path, Line: e.Pos.Line, Column: e.Pos.LineRune}
		e.Filename, e.Pos = "", modfile.Position{} // which the diagnostic has
		diags.Add(pos, diag.GoSyntax, "%v", &e)
	}
	return m, diags
}

// addTool plans the tool line of the go.mod, and a requirement if the version is
// a released one. Without either the module would name a tool of no version, so
// the go.mod is left to go get.
func (m *goModule) addTool(p *Plan, toolVersion string) {
	if isRelease(toolVersion) {
		m.release = toolVersion
	}
	goLine := "1.16" // what a go.mod without one means
	if m.file.Go != nil {
		goLine = m.file.Go.Version
	}
	switch {
	case m.hasTool():
		p.keep(m.path, "has the tool line")
	case version.Compare("go"+goLine, "go"+toolLines) < 0:
		p.keep(m.path, "left to go get -tool, which raises its go %s; tool lines need go %s", goLine, toolLines)
	case m.release == "" && !m.requires():
		p.keep(m.path, "left to go get -tool, since this webapi-gen has no released version to require")
	default:
		m.write(p)
	}
}

// write plans the lines.
func (m *goModule) write(p *Plan) {
	what := "the tool line"
	if !m.requires() {
		what += " and the requirement of " + m.release
		m.require(m.release)
	}
	if err := m.file.AddTool(toolPath); err != nil {
		p.keep(m.path, "%v", err)
		return
	}
	m.changed = true
	content := modfile.Format(m.file.Syntax)
	if usesCRLF(m.data) {
		content = bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))
	}
	p.Changes = append(p.Changes, Change{
		File: generator.File{Path: m.path, Old: m.data, Content: templates.TextOf(content), Status: generator.Changed},
		What: what,
	})
}

// require adds a requirement to those that are there, as go get does.
func (m *goModule) require(version string) {
	ours := &modfile.Require{Mod: module.Version{Path: toolModule, Version: version}}
	m.file.SetRequireSeparateIndirect(append(slices.Clip(m.file.Require), ours))
	m.file.Cleanup()
}

func (m *goModule) hasTool() bool {
	for _, t := range m.file.Tool {
		if t.Path == toolPath {
			return true
		}
	}
	return false
}

// requires reports whether the module has a version of the tool's, or is that one.
func (m *goModule) requires() bool {
	for _, r := range m.file.Require {
		if r.Mod.Path == toolModule {
			return true
		}
	}
	return m.file.Module != nil && m.file.Module.Mod.Path == toolModule
}

// isReplaced reports whether the tool's module is a folder, which has no sum.
func (m *goModule) isReplaced() bool {
	for _, r := range m.file.Replace {
		if r.Old.Path == toolModule && r.New.Version == "" {
			return true
		}
	}
	return false
}

// isRelease reports whether a version is one that the go command can fetch for
// everybody: neither that of a work tree nor of a commit nor a preview.
func isRelease(v string) bool {
	return semver.Canonical(v) == v && semver.Prerelease(v) == "" && module.Check(toolModule, v) == nil
}

// next returns the commands that finish what the plan begins, for somebody who
// stands in the current folder.
func (m *goModule) next(p *Plan) []string {
	var steps []string
	here, err := os.Getwd()
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	if err != nil || !isWithin(here, m.root) {
		steps = append(steps, "cd "+shell(relative(here, m.root)))
		here = m.root
	}
	to := relative(here, m.dir)
	steps = append(steps, m.fetch()...)
	if !p.Annotates && len(p.Writable()) > 0 {
		steps = append(steps, strings.TrimSuffix("go tool webapi-gen init --annotate "+pattern(to, ""), " "))
	}
	steps = append(steps, "go generate "+pattern(to, "./..."))
	if m.vendors() {
		steps = append(steps, "go mod tidy", "go mod vendor")
	}
	return steps
}

// fetch returns the commands that bring the tool into the module.
func (m *goModule) fetch() []string {
	var steps []string
	switch {
	case m.hasTool() && m.sums() && !m.changed:
		return nil
	case m.hasTool():
		steps = []string{"go mod tidy"}
	case m.release != "":
		steps = []string{"go get -tool " + toolPath + "@" + m.release}
	default:
		steps = []string{"go get -tool " + toolPath + "@latest"}
	}
	if m.vendors() {
		steps = append(steps, "go mod vendor")
	}
	return steps
}

// sums reports whether the go.sum knows the tool's module, as it does once the tool
// line was there when it was written.
func (m *goModule) sums() bool {
	if m.isReplaced() {
		return true
	}
	data, err := os.ReadFile(filepath.Join(m.root, "go.sum"))
	return err == nil && strings.Contains("\n"+string(data), "\n"+toolModule+" ")
}

// vendors reports whether the module has its dependencies in a folder vendor.
// After the first run generated code imports a package more, so it is to be
// brought up to date twice.
func (m *goModule) vendors() bool {
	_, err := os.Stat(filepath.Join(m.root, "vendor", "modules.txt"))
	return err == nil
}

// relative returns a path as it is called at a folder, both real.
func relative(folder, path string) string {
	if rel, err := filepath.Rel(folder, path); err == nil {
		return rel
	}
	return path
}

// isWithin reports whether a path is that of a folder or below it, both real.
func isWithin(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// pattern returns a folder as an argument of the go command, and another text
// for the current one.
func pattern(folder, here string) string {
	folder = filepath.ToSlash(folder)
	switch {
	case folder == ".":
		return here
	case !strings.HasPrefix(folder, "../") && folder != ".." && !filepath.IsAbs(folder):
		folder = "./" + folder
	}
	return shell(folder)
}

var plain = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\w./:@\\-]+$`)
})

// shell quotes a word for a shell if it needs that.
func shell(word string) string {
	if plain().MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// tryOut finds out which of the proposals the tool would refuse, and why. One may
// depend on another, as a type does that embeds another one, so those that are
// refused are tried again for as long as one is accepted.
func (s *source) tryOut(list []Proposal) {
	var accepted []annotations.Resource
	for rest := byType(list); ; {
		var refused [][]*Proposal
		for _, group := range rest {
			trial, why := slices.Clip(accepted), ""
			for _, p := range group {
				trial = append(trial, p.resource())
			}
			if diags := s.in.Check(trial); len(diags) > 0 {
				why = diags[0].Message
				refused = append(refused, group)
			} else {
				accepted = trial
			}
			for _, p := range group {
				p.Refused = why
			}
		}
		if len(refused) == 0 || len(refused) == len(rest) {
			return
		}
		rest = refused
	}
}

// byType returns the proposals with those together that are of one type, which
// may be declared in several files for different builds.
func byType(list []Proposal) [][]*Proposal {
	var groups [][]*Proposal
	of := map[string]int{}
	for i := range list {
		p := &list[i]
		n, found := of[p.Type]
		if !found {
			n = len(groups)
			of[p.Type] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], p)
	}
	return groups
}

// resource returns what the annotation would say.
func (p Proposal) resource() annotations.Resource {
	r := annotations.Resource{Pos: p.Pos, Type: annotations.Text{Pos: p.Pos, Value: p.Type}, Decl: p.decl}
	if len(p.Methods) > 0 {
		v := annotations.Value{Pos: p.Pos}
		for _, m := range p.Methods {
			v.Items = append(v.Items, annotations.Item{Value: annotations.Text{Pos: p.Pos, Value: m}})
		}
		r.Settings = annotations.Settings{{Key: annotations.KeyMethods, Value: v}}
	}
	return r
}
