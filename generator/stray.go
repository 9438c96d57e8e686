package generator

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// What the names of temporary files begin and end with.
const (
	tempPrefix = ".webapi-gen-"
	tempSuffix = ".tmp"
)

// strays returns the temporary files among the files of a folder. Each is that
// of a run that was killed, or of one that is about to give it its name.
func strays(folder string, names []string) []string {
	var paths []string
	for _, name := range names {
		if strings.HasPrefix(name, tempPrefix) && strings.HasSuffix(name, tempSuffix) {
			paths = append(paths, filepath.Join(folder, name))
		}
	}
	return paths
}

// abandoned is the age at which a temporary file is taken for one of a run that
// was killed, where no lock tells.
const abandoned = time.Hour

// sweep removes the temporary files that Generate saw, unless a run that is
// still going may need them. One that cannot be removed does no harm.
func (r *Result) sweep(locked *locks) {
	for _, path := range r.strays {
		path = open(r.dir, path)
		if locked.hold(filepath.Dir(path)) || isAbandoned(path) {
			_ = os.Remove(path)
		}
	}
}

func isAbandoned(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && time.Since(info.ModTime()) > abandoned
}
