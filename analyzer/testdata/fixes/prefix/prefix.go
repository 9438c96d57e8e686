// Package prefix has the beginning of a scope.
package prefix

const Prefix = "page:"

func Other() {}
