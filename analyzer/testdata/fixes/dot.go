package fixes

import . "github.com/webapi-gen/webapi-gen/webapi"

var dot = Scope("page:read") // want `write PageScopeRead`
