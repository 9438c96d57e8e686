package scaffold

import (
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/webapi-gen/webapi-gen/generator"
)

// toolsFolder is the folder, below the module, of another one that has the tool, so
// that the go.mod of the server has none of the tool's requirements.
const toolsFolder = "tools"

// hasToolsModule reports whether there is such a module with the tool line.
func (p place) hasToolsModule() bool {
	path := filepath.Join(p.root, toolsFolder, "go.mod")
	data, err := generator.ReadFile(path)
	if err != nil {
		return false
	}
	file, err := modfile.Parse(path, data, nil)
	return err == nil && slices.ContainsFunc(file.Tool, func(t *modfile.Tool) bool { return t.Path == toolPath })
}

// workspace returns the path of the go.work that the go command uses in the module,
// or "".
func (p place) workspace() string {
	switch path := os.Getenv("GOWORK"); path {
	case "off":
		return ""
	case "", "auto":
	default:
		return path
	}
	for dir := p.root; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "go.work")
		if _, err := os.Stat(path); err == nil {
			return path
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// usesTools reports whether a go.work lists the module of the tools.
func (p place) usesTools(work string) bool {
	data, err := generator.ReadFile(work)
	if err != nil {
		return false
	}
	file, err := modfile.ParseWork(work, data, nil)
	return err == nil && slices.ContainsFunc(file.Use, func(u *modfile.Use) bool {
		dir := filepath.FromSlash(u.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(work), dir)
		}
		return isSameFile(dir, filepath.Join(p.root, toolsFolder))
	})
}

// tool returns the command that runs the tool in a folder. The go command refuses
// -modfile in a workspace, which has the tools of its modules.
func (m *goModule) tool(dir string) string {
	if !m.hasTools || m.hasTool() || m.work != "" {
		return "go tool webapi-gen"
	}
	flag := "-modfile=" + filepath.ToSlash(relative(dir, filepath.Join(m.root, toolsFolder, "go.mod")))
	if m.vendors() { // the folder has not what the tool needs, and go tool has no flag to leave it out
		return "go run -mod=readonly " + flag + " " + toolPath
	}
	return "go tool " + flag + " webapi-gen"
}
