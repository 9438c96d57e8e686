package scaffold

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"go/version"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// The module of the tool, its command, and the module of the runtime.
const (
	toolModule    = "github.com/webapi-gen/webapi-gen"
	toolPath      = toolModule + "/cmd/webapi-gen"
	runtimeModule = toolModule + "/webapi"
)

// A goModule is the module that the package is in.
type goModule struct {
	place
	path    string // of its go.mod, as users name it
	data    []byte
	file    *modfile.File
	release string // the running tool's version, if it is a released one
	changed bool   // lines are planned for it

	hasTools bool   // a module of its own has the tool
	work     string // the go.work, or ""
}

// readModule reads the go.mod. The error is a diag.List if something is wrong in it.
func (p place) readModule() (*goModule, error) {
	path := filepath.Join(p.root, "go.mod")
	m := &goModule{place: p, path: p.name(path), hasTools: p.hasToolsModule(), work: p.workspace()}
	if generator.LeadsOut(p.root, path) {
		return nil, fmt.Errorf("%s is a symbolic link that leads out of the repository", path)
	}
	var err error
	if m.data, err = generator.ReadFile(path); err != nil {
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
		e.Filename, e.Pos = "", modfile.Position{} // the diagnostic has them
		diags.Add(pos, diag.GoSyntax, "%v", &e)
	}
	return m, diags
}

// addTool plans the tool line of the go.mod, and a requirement if the version is
// a released one. Without a requirement the go.mod is left to go get.
func (m *goModule) addTool(p *Plan, toolVersion string) {
	if isRelease(toolVersion) {
		m.release = toolVersion
	}
	goLine := "1.16" // of a go.mod without one
	if m.file.Go != nil {
		goLine = m.file.Go.Version
	}
	switch {
	case m.hasTool():
		p.keep(m.path, "has the tool line")
	case m.hasTools:
		p.keep(m.path, "needs no tool line, since %s has it", toolsFolder+"/go.mod")
	case version.Compare("go"+goLine, "go1.24") < 0:
		p.keep(m.path, "left to go get -tool, which raises its go %s; tool lines need go 1.24", goLine)
	case m.release == "" && !m.requires(toolModule):
		p.keep(m.path, "left to go get -tool, since this webapi-gen has no released version to require")
	default:
		m.write(p)
	}
}

func (m *goModule) write(p *Plan) {
	what := "the tool line"
	if !m.requires(toolModule) {
		what += " and the requirement of " + m.release
		added := &modfile.Require{Mod: module.Version{Path: toolModule, Version: m.release}}
		m.file.SetRequireSeparateIndirect(append(slices.Clip(m.file.Require), added)) // as go get does
		m.file.Cleanup()
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
		File: generator.File{Path: m.path, Old: m.data, Content: content, Status: generator.Changed},
		What: what,
	})
}

func (m *goModule) hasTool() bool {
	return slices.ContainsFunc(m.file.Tool, func(t *modfile.Tool) bool { return t.Path == toolPath })
}

// requires reports whether the module requires another one, or is that one.
func (m *goModule) requires(path string) bool {
	return m.file.Module != nil && m.file.Module.Mod.Path == path ||
		slices.ContainsFunc(m.file.Require, func(r *modfile.Require) bool { return r.Mod.Path == path })
}

// isRelease reports whether a version is a released one, which the go command can
// fetch: neither that of a work tree nor of a commit nor a preview.
func isRelease(v string) bool {
	return semver.Canonical(v) == v && semver.Prerelease(v) == "" && module.Check(toolModule, v) == nil
}

// next returns the commands that finish what the plan begins, to be typed in the
// current folder.
func (m *goModule) next(p *Plan) []string {
	var steps []string
	here, err := os.Getwd()
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	if within, relErr := filepath.Rel(m.root, here); err != nil || relErr != nil || !filepath.IsLocal(within) {
		steps = append(steps, "cd "+shell(relative(here, m.root)))
		here = m.root
	}
	to := relative(here, m.dir)
	steps = append(steps, m.fetch(here)...)
	flag := ""
	switch {
	case p.Spec == "" && !p.HasSpec && len(p.Found.withoutType()) > 0:
		flag = " init --yaml "
	case !p.Annotates && len(p.complete()) > 0:
		flag = " init --annotate "
	}
	if flag != "" {
		steps = append(steps, strings.TrimSuffix(m.tool(here)+flag+pattern(to, ""), " "))
	}
	steps = append(steps, "go generate "+pattern(to, "./..."))
	if p.Spec != "" {
		steps = append(steps, m.adapters(p.Found.Groups)...)
	}
	if m.vendors() || !m.requires(runtimeModule) { // which generated code imports
		steps = append(steps, "go mod tidy")
	}
	if m.vendors() {
		steps = append(steps, "go mod vendor")
	}
	return steps
}

// adapters returns the commands that bring the adapters of the routers that the groups are
// of.
func (m *goModule) adapters(groups []*Group) []string {
	var steps []string
	for _, g := range groups {
		for _, r := range g.Routes {
			path := toolModule + "/adapters/gin"
			switch {
			case r.Router == routes.Echo && m.requires("github.com/labstack/echo/v4"):
				path = toolModule + "/adapters/echo4"
			case r.Router == routes.Echo:
				path = toolModule + "/adapters/echo5"
			case r.Router != routes.Gin:
				continue
			}
			if step := "go get " + path + "@latest"; !m.requires(path) && !slices.Contains(steps, step) {
				steps = append(steps, step)
			}
		}
	}
	return steps
}

// fetch returns the commands that bring the tool into the module, to be typed in the
// folder here.
func (m *goModule) fetch(here string) []string {
	steps := []string{"go get -tool " + toolPath + "@" + cmp.Or(m.release, "latest")}
	switch {
	case m.hasTools && !m.hasTool():
		if m.work == "" || m.usesTools(m.work) {
			return nil
		}
		return []string{"go work use " + pattern(relative(here, filepath.Join(m.root, toolsFolder)), ".")}
	case m.hasTool() && m.sums() && !m.changed:
		return nil
	case m.hasTool():
		steps = []string{"go mod tidy"}
	}
	if m.vendors() {
		steps = append(steps, "go mod vendor")
	}
	return steps
}

// sums reports whether the go.sum has the tool's module, or needs no sum of it
// because the module is replaced by a folder.
func (m *goModule) sums() bool {
	if slices.ContainsFunc(m.file.Replace, func(r *modfile.Replace) bool { return r.Old.Path == toolModule && r.New.Version == "" }) {
		return true
	}
	data, err := generator.ReadFile(filepath.Join(m.root, "go.sum"))
	return err == nil && strings.Contains("\n"+string(data), "\n"+toolModule+" ")
}

// vendors reports whether the module has a vendor folder. It has to be updated after
// the first run again, since generated code imports another package.
func (m *goModule) vendors() bool {
	_, err := os.Stat(filepath.Join(m.root, "vendor", "modules.txt"))
	return err == nil
}

// relative returns a path relative to a folder, both without symbolic links.
func relative(folder, path string) string {
	rel, _ := filepath.Rel(folder, path)
	return cmp.Or(rel, path)
}

// pattern returns a folder as an argument of the go command, or here for the current
// folder.
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

// plain has the characters that need no quotes in a shell.
const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@\\-"

// shell returns a word of a shell's command, in quotes if it needs them.
func shell(word string) string {
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
