package notes_test

import (
	"testing"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

func TestRouter(t *testing.T) { adaptertest.Router(t, notes.New) }
