//go:build !unix

package generator

import "os"

func readFile(path string, _ *room) ([]byte, error) { return os.ReadFile(path) }
