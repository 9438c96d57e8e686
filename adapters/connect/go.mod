module github.com/webapi-gen/webapi-gen/adapters/connect

go 1.25.0

require (
	connectrpc.com/connect v1.21.0
	github.com/webapi-gen/webapi-gen/webapi v0.0.0
	google.golang.org/genproto/googleapis/rpc v0.0.0-20251202230838-ff82c1b0f217
	google.golang.org/protobuf v1.36.11
)

replace github.com/webapi-gen/webapi-gen/webapi => ../../webapi
