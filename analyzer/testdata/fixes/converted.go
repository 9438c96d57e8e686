package fixes

import (
	"example.com/fixes/prefix"

	"github.com/webapi-gen/webapi-gen/webapi"
)

var converted = []webapi.Scope{webapi.Scope(prefix.Prefix + "read")} // want `write PageScopeRead`
