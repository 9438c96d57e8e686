//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package generator

import (
	"os"
	"syscall"
)

// tryLock locks a file or a folder until it is closed. It fails on file systems
// that lock nothing that is open for reading, as NFS does.
func tryLock(file *os.File) error {
	for {
		switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err {
		case syscall.EINTR:
		case syscall.EWOULDBLOCK:
			return errLocked
		default:
			return err
		}
	}
}
