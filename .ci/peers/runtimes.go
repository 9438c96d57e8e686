//go:build runtimes

package main

// What the servers import that are built of the peers' output, so that go.mod
// has it.
import _ "github.com/oapi-codegen/runtime"
