package fixes

import . "github.com/webapi-gen/webapi-gen/webapi"

var dotkept = []Scope{Scope("page:read")} // want `write PageScopeRead`
