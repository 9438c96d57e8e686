//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package generator

import (
	"errors"
	"os"
)

// tryLock fails: there is no lock on folders.
func tryLock(*os.File) error { return errors.ErrUnsupported }
