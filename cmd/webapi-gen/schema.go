package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/internal/schema"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of webapi.yaml, for editors",
		Long: fmt.Sprintf(`Schema prints the JSON Schema of the YAML spec. With it an editor completes the
keys and methods of a webapi.yaml, explains each key, and marks errors while you
type. It does not see Go files, so it finds less than webapi-gen does.

Editors with the YAML language server, VS Code among them, need this line at
the top of webapi.yaml:

  # yaml-language-server: $schema=%s

For all specs at once, put this into the settings.json of VS Code:

  "yaml.schemas": {
    "%[1]s": "webapi.yaml"
  }

Both also accept the path of a file, such as one that this command has written.

Exit status: 0 success, 2 the command line is wrong.`, schema.URL),
		Example: `  # The schema of this version, beside a spec whose first line is then
  # yaml-language-server: $schema=webapi.schema.json
  webapi-gen schema > webapi.schema.json`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(schema.JSON())
			return err
		},
	}
}
