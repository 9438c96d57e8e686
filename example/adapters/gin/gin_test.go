package gin_test

import (
	"os"
	"testing"

	"github.com/gin-gonic/gin"

	adapter "github.com/webapi-gen/webapi-gen/example/adapters/gin"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode) // else gin prints every route
	os.Exit(m.Run())
}

func TestRouter(t *testing.T) { adaptertest.Router(t, adapter.New) }
