package scaffold

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

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
