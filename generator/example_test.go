package generator_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/webapi-gen/webapi-gen/generator"
)

// notesFolder returns a new folder with a package that has one resource.
func notesFolder() string {
	dir, err := os.MkdirTemp("", "notes")
	if err != nil {
		log.Fatal(err)
	}
	const source = `package notes

// NoteResource serves /notes.
//
//webapi:resource methods=GET,DELETE
type NoteResource struct{}
`
	if err := os.WriteFile(filepath.Join(dir, "notes.go"), []byte(source), 0o666); err != nil {
		log.Fatal(err)
	}
	return dir
}

// A build tool generates, says what becomes of each file, and writes.
func ExampleGenerate() {
	dir := notesFolder()
	defer os.RemoveAll(dir)
	cfg := generator.Config{Dir: dir, Patterns: []string{"./..."}}
	for range 2 {
		result, err := generator.Generate(context.Background(), cfg)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, f := range result.Files {
			fmt.Println(f.Status, f.Path)
		}
		if err := result.Write(); err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// created note_resource_webapi.go
	// created webapi_catalog.go
	// unchanged note_resource_webapi.go
	// unchanged webapi_catalog.go
}

func ExamplePackages() {
	dir := notesFolder()
	defer os.RemoveAll(dir)
	packages, err := generator.Packages(context.Background(), generator.Config{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pkg := range packages {
		for _, r := range pkg.Resources {
			fmt.Println(pkg.Name, r.Type)
			for _, s := range r.Scopes {
				fmt.Println(" ", s.Value)
			}
		}
	}
	// Output:
	// notes NoteResource
	//   note:read
	//   note:destroy
}
