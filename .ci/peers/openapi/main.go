// Command openapi parses an OpenAPI document into the model of the library that
// webapi-gen import uses, and does nothing else.
package main

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel"
)

func main() {
	if err := parse(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func parse(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	document, err := libopenapi.NewDocumentWithConfiguration(data, &datamodel.DocumentConfiguration{
		ExcludeExtensionRefs:       true,
		SkipCircularReferenceCheck: true,
		SkipMetadataCollection:     true,
		Logger:                     slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	_, err = document.BuildV3Model()
	return err
}
