module github.com/webapi-gen/webapi-gen/example

go 1.26

tool github.com/webapi-gen/webapi-gen/cmd/webapi-gen

require (
	github.com/webapi-gen/webapi-gen v0.0.0
	gopkg.in/yaml.v3 v3.0.1
)

require (
	github.com/dave/jennifer v1.7.1 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/spf13/cobra v1.10.2 // indirect
	github.com/spf13/pflag v1.0.9 // indirect
)

replace github.com/webapi-gen/webapi-gen => ../
