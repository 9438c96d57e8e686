package fixes

import . "github.com/webapi-gen/webapi-gen/webapi"

var (
	dots1 = Scope("page:read")  // want `write PageScopeRead`
	dots2 = Scope("page:write") // want `write PageScopeWrite`
)
