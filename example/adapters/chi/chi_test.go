package chi_test

import (
	"testing"

	"github.com/webapi-gen/webapi-gen/example/adapters/chi"
	"github.com/webapi-gen/webapi-gen/example/adapters/internal/acceptance"
)

func TestRouter(t *testing.T) { acceptance.Router(t, chi.New) }
