//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package generator

import (
	"errors"
	"os"
)

// tryLock fails, since the system cannot lock folders.
func tryLock(*os.File) error { return errors.ErrUnsupported }
