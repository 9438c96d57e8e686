package generator

import (
	"errors"
	"maps"
	"os"
	"slices"
	"time"
)

// patience is how long a run waits for others that write. It is far more than
// these need, and ends the wait for a lock that is none of ours, such as that of
// "flock . go generate".
const patience = 10 * time.Second

// errLocked says that another run has the lock.
var errLocked = errors.New("locked by another run")

// locks keep other runs from the temporary files of this one, which are strays
// to whoever has the lock. The system lets go of them when the process ends,
// however it ends.
//
// A lock is one on the root of the folder's module, so that a run needs as many
// descriptors as there are modules and not as there are folders. A folder without
// a module has its own.
//
// Where there can be no lock, because the system or the file system has none, the
// limit of open files is reached or the wait was in vain, Write goes on without:
// its files are replaced at once all the same.
type locks struct {
	roots map[string]string   // by folder
	files map[string]*os.File // the locked ones, by root
}

// lockFolders waits until no other run writes to the folders. The order of the
// locks is the same in all runs, so that no two wait for each other.
func lockFolders(folders []string) *locks {
	l := &locks{roots: map[string]string{}, files: map[string]*os.File{}}
	for _, folder := range folders {
		if real, err := realPath("", folder); err == nil {
			l.roots[folder] = lockRoot(real)
		}
	}
	deadline := time.Now().Add(patience)
	for _, root := range slices.Compact(slices.Sorted(maps.Values(l.roots))) {
		if file, err := lockFolder(root, deadline); err == nil {
			l.files[root] = file
		}
	}
	return l
}

// lockRoot returns the folder whose lock is the one for a folder.
func lockRoot(real string) string {
	if root := moduleRoot(real); root != "" {
		return root
	}
	return real
}

// lockFolder opens and locks a folder.
func lockFolder(path string, deadline time.Time) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	wait := time.Millisecond
	for err = tryLock(file); errors.Is(err, errLocked) && time.Now().Before(deadline); err = tryLock(file) {
		time.Sleep(wait)
		wait = min(2*wait, 50*time.Millisecond)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// hold reports whether a folder, one of those given, is locked.
func (l *locks) hold(folder string) bool { return l.files[l.roots[folder]] != nil }

func (l *locks) release() {
	for _, file := range l.files {
		_ = file.Close() // nothing was written to it
	}
}
