// Package echoapi has the declarations of the adapter for echo 5.
package echoapi

import "github.com/labstack/echo/v5"

func Guard(res any) echo.MiddlewareFunc                     { return nil }
func GuardList(res any) echo.MiddlewareFunc                 { return nil }
func GuardOperation(res, operation any) echo.MiddlewareFunc { return nil }
