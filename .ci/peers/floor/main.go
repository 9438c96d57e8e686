// Command floor does what no generator can do without, and nothing else. What a
// generator takes beyond it is its own.
//
//	floor parse FOLDER             reads and parses the annotated files
//	floor parse-read FOLDER        and reads the generated ones
//	floor parse-write FOLDER TAR   and writes the generated ones, which the archive has
//	floor yaml FILE                parses a spec into nodes
//	floor yaml-write FILE TAR      and writes the generated files beside it
package main

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
	"gopkg.in/yaml.v3"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("what is it to do, and where?")
	}
	what, name := args[0], args[1]
	switch {
	case what == "parse" && len(args) == 2:
		return eachFile(name, parseInput)
	case what == "parse-read" && len(args) == 2:
		return eachFile(name, parseInputReadOutput)
	case what == "parse-write" && len(args) == 3:
		if err := eachFile(name, parseInput); err != nil {
			return err
		}
		return unpack(args[2], name)
	case what == "yaml" && len(args) == 2:
		return parseYAML(name)
	case what == "yaml-write" && len(args) == 3:
		if err := parseYAML(name); err != nil {
			return err
		}
		return unpack(args[2], filepath.Dir(name))
	}
	return fmt.Errorf("wrong arguments: %q", args)
}

// eachFile calls do for each Go file below a folder, on all processors.
func eachFile(dir string, do func(name string) error) error {
	names := make(chan string, 100)
	var workers errgroup.Group
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() error {
			var all []error
			for name := range names {
				all = append(all, do(name))
			}
			return errors.Join(all...)
		})
	}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(name) == ".go" {
			names <- name
		}
		return err
	})
	close(names)
	return errors.Join(err, workers.Wait())
}

func generated(name string) bool {
	return strings.HasSuffix(name, "_webapi.go") || filepath.Base(name) == "webapi_catalog.go"
}

func parseInput(name string) error {
	if generated(name) {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	_, err = parser.ParseFile(token.NewFileSet(), name, data, parser.ParseComments|parser.SkipObjectResolution)
	return err
}

func parseInputReadOutput(name string) error {
	if generated(name) {
		_, err := os.ReadFile(name)
		return err
	}
	return parseInput(name)
}

func parseYAML(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var n yaml.Node
	return yaml.Unmarshal(data, &n)
}
