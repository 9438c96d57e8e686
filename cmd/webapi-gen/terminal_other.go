//go:build !unix && !windows

package main

import "os"

// terminalWidth returns the columns of a terminal, 0 if they are not known.
func terminalWidth(*os.File) int { return 0 }
