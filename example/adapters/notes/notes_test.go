package notes_test

import (
	"testing"

	"github.com/webapi-gen/webapi-gen/example/adapters/internal/acceptance"
	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
)

func TestRouter(t *testing.T) { acceptance.Router(t, notes.New) }
