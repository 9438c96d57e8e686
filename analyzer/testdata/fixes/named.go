package fixes

import "github.com/webapi-gen/webapi-gen/webapi"

var named = (webapi.Scope)("page:read") // want `write PageScopeRead`
