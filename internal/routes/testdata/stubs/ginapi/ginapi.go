// Package ginapi has the declarations of the adapter for gin.
package ginapi

import "github.com/gin-gonic/gin"

func Guard(res any) gin.HandlerFunc                     { return nil }
func GuardList(res any) gin.HandlerFunc                 { return nil }
func GuardOperation(res, operation any) gin.HandlerFunc { return nil }
