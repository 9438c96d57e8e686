package fixes

import (
	. "example.com/fixes/prefix"

	"github.com/webapi-gen/webapi-gen/webapi"
)

var text webapi.Scope = Prefix + "read" // want `write PageScopeRead`
