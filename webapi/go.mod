module github.com/webapi-gen/webapi-gen/webapi

go 1.25
