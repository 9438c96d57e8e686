package echo_test

import (
	"testing"

	"github.com/webapi-gen/webapi-gen/example/adapters/echo"
	"github.com/webapi-gen/webapi-gen/example/adapters/internal/acceptance"
)

func TestRouter(t *testing.T) { acceptance.Router(t, echo.New) }
