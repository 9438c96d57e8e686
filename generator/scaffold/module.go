package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"go/version"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
	"github.com/webapi-gen/webapi-gen/generator"
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

// readModule reads the go.mod.
func (p place) readModule() (*goModule, diag.List) {
	m := &goModule{place: p, path: p.name(filepath.Join(p.root, "go.mod"))}
	var diags diag.List
	data, err := os.ReadFile(filepath.Join(p.root, "go.mod"))
	if err == nil {
		m.data = data
		m.file, err = modfile.Parse(m.path, data, nil)
	}
	var list modfile.ErrorList
	switch {
	case err == nil:
	case errors.As(err, &list):
		for _, e := range list {
			pos := token.Position{Filename: m.path, Line: e.Pos.Line, Column: e.Pos.LineRune}
			e.Filename, e.Pos = "", modfile.Position{} // which the diagnostic has
			diags.Add(pos, language.GoSyntax, "%v", &e)
		}
	default:
		diags.Add(token.Position{Filename: m.path}, language.GoSyntax, "%v", err)
	}
	return m, diags
}

// withModule adds what is wrong with the go.mod to what is wrong with the package.
func withModule(err error, where place) error {
	var diags diag.List
	if !errors.As(err, &diags) {
		return err
	}
	_, more := where.readModule()
	diags = append(diags, more...)
	diags.Sort()
	return diags
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
		p.Kept = append(p.Kept, m.path+": has the tool line")
	case version.Compare("go"+goLine, "go"+toolLines) < 0:
		p.Kept = append(p.Kept, fmt.Sprintf("%s: left to go get -tool, which raises its go %s; tool lines need go %s",
			m.path, goLine, toolLines))
	case m.release == "" && !m.requires():
		p.Kept = append(p.Kept, m.path+": left to go get -tool, since this webapi-gen has no released version to require")
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
		p.Kept = append(p.Kept, fmt.Sprintf("%s: %v", m.path, err))
		return
	}
	m.changed = true
	content := modfile.Format(m.file.Syntax)
	if usesCRLF(m.data) {
		content = bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))
	}
	p.Changes = append(p.Changes, Change{
		File: generator.File{Path: m.path, Old: m.data, Content: content, Status: generator.Changed},
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

// isRelease reports whether a version is one that the go command can fetch for
// everybody: neither that of a work tree nor of a commit nor a preview.
func isRelease(v string) bool {
	return semver.Canonical(v) == v && semver.Prerelease(v) == "" && module.Check(toolModule, v) == nil
}
