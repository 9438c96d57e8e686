// Package gin has the declarations of github.com/gin-gonic/gin that routes are registered by.
package gin

import "net/http"

type Context struct {
	Request *http.Request
	Writer  ResponseWriter
	Errors  errorMsgs
}

type errorMsgs []*Error

type Error struct{ Err error }

func (e *Error) Error() string { return "" }

type ResponseWriter interface {
	http.ResponseWriter
	WriteString(string) (int, error)
}

func (c *Context) Next()                                  {}
func (c *Context) IsAborted() bool                        { return false }
func (c *Context) IsWebsocket() bool                      { return false }
func (c *Context) Abort()                                 {}
func (c *Context) AbortWithStatus(code int)               {}
func (c *Context) AbortWithStatusJSON(code int, body any) {}
func (c *Context) JSON(code int, body any)                {}
func (c *Context) ShouldBindJSON(obj any) error           { return nil }
func (c *Context) Status(code int)                        {}
func (c *Context) Param(name string) string               { return "" }
func (c *Context) GetHeader(name string) string           { return "" }
func (c *Context) Header(name, value string)              {}

type HandlerFunc func(*Context)

type IRoutes interface {
	Use(...HandlerFunc) IRoutes
	Any(string, ...HandlerFunc) IRoutes
	GET(string, ...HandlerFunc) IRoutes
	POST(string, ...HandlerFunc) IRoutes
	DELETE(string, ...HandlerFunc) IRoutes
}

type HandlersChain []HandlerFunc

type RouterGroup struct{ Handlers HandlersChain }

func (group *RouterGroup) Use(handlers ...HandlerFunc) IRoutes                           { return group }
func (group *RouterGroup) Group(path string, handlers ...HandlerFunc) *RouterGroup       { return group }
func (group *RouterGroup) Handle(method, path string, handlers ...HandlerFunc) IRoutes   { return nil }
func (group *RouterGroup) Match(methods []string, path string, h ...HandlerFunc) IRoutes { return nil }
func (group *RouterGroup) GET(path string, handlers ...HandlerFunc) IRoutes              { return nil }
func (group *RouterGroup) POST(path string, handlers ...HandlerFunc) IRoutes             { return nil }
func (group *RouterGroup) DELETE(path string, handlers ...HandlerFunc) IRoutes           { return nil }
func (group *RouterGroup) Any(path string, handlers ...HandlerFunc) IRoutes              { return nil }
func (group *RouterGroup) Static(path, root string) IRoutes                              { return nil }
func (group *RouterGroup) StaticFS(path string, fs http.FileSystem) IRoutes              { return nil }
func (group *RouterGroup) StaticFile(path, file string) IRoutes                          { return nil }
func (group *RouterGroup) BasePath() string                                              { return "" }

type Engine struct {
	RouterGroup
	MaxMultipartMemory int64
}

func New() *Engine { return &Engine{} }

func (engine *Engine) Run(addr ...string) error { return nil }

func (engine *Engine) RunTLS(addr, certFile, keyFile string) error { return nil }

func (engine *Engine) NoRoute(handlers ...HandlerFunc) {}

func (engine *Engine) NoMethod(handlers ...HandlerFunc) {}

func (engine *Engine) Handler() http.Handler { return engine }

type OptionFunc func(*Engine)

func (engine *Engine) With(options ...OptionFunc) *Engine { return engine }

func (engine *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

func WrapH(h http.Handler) HandlerFunc     { return func(c *Context) { h.ServeHTTP(c.Writer, c.Request) } }
func WrapF(f http.HandlerFunc) HandlerFunc { return func(c *Context) { f(c.Writer, c.Request) } }

type RouteInfo struct {
	Method, Path string
	HandlerFunc  HandlerFunc
}

type RoutesInfo []RouteInfo

func (engine *Engine) Routes() RoutesInfo { return nil }

type IRouter interface {
	IRoutes
	Group(string, ...HandlerFunc) *RouterGroup
}

func (engine *Engine) SetTrustedProxies(list []string) error { return nil }

func Recovery() HandlerFunc { return nil }
