package scaffold

import (
	"bytes"
	"errors"
	"go/token"
	"go/version"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

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
