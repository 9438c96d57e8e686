module github.com/webapi-gen/webapi-gen/adapters/echo5

go 1.25.0

require (
	github.com/labstack/echo/v5 v5.4.4
	github.com/webapi-gen/webapi-gen/webapi v0.0.0
)

replace github.com/webapi-gen/webapi-gen/webapi => ../../webapi
