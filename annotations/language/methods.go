package language

// defaultMap has for each HTTP method the action that it takes unless an input
// says otherwise, in the order in which methods are written everywhere.
//
// It is HTTP_SCOPE_METHOD_MAP of Djblets' djblets/webapi/resources/mixins/oauth2_tokens.py.
var defaultMap = []struct{ method, action string }{
	{"GET", "read"},
	{"HEAD", "read"},
	{"OPTIONS", "read"},
	{"POST", "write"},
	{"PUT", "write"},
	{"PATCH", "write"},
	{"DELETE", "destroy"},
}

// Methods returns the HTTP methods of the language in their canonical order.
func Methods() []string {
	methods := make([]string, len(defaultMap))
	for i, m := range defaultMap {
		methods[i] = m.method
	}
	return methods
}

// IsMethod reports whether name is an HTTP method of the language.
func IsMethod(name string) bool {
	return DefaultAction(name) != ""
}

// DefaultAction returns the action of a method of the language.
func DefaultAction(method string) string {
	for _, m := range defaultMap {
		if m.method == method {
			return m.action
		}
	}
	return ""
}
