package webapi

// maxSuper is how many guards may stand behind one another. More means that
// resources name each other in a circle.
const maxSuper = 32

// decide asks res and its Supers, and reports the outcome.
func (s *state) decide(res Resource, c *call) *Error {
	rules := res.AccessRules()
	required, answered := res.RequiredScopes(c.method)
	asked, requires := rules.Name, required
	c.key, c.list = rules.Key, c.list || s.list.of(&rules)

	var shadowed *Error
	denied := s.judge(&rules, required, answered && c.hasView, c)
	for depth := 0; ; depth++ {
		if s.failure == nil && denied.lacksScope() && s.cfg.shadows(asked) {
			if shadowed == nil {
				shadowed = denied
			}
			denied = nil
		}
		if denied != nil || rules.Super == nil {
			break
		}
		if depth == maxSuper {
			denied = newError(codePermissionDenied)
			break
		}
		res = rules.Super
		rules = res.AccessRules()
		required, answered = res.RequiredScopes(c.method)
		denied = s.judge(&rules, required, answered, c)
	}
	if s.cfg.listens() {
		s.report(c.decision(asked, requires), denied, shadowed)
	}
	return denied
}

// judge is the decision. It has the rows of the table in the package's
// documentation, in their order, and returns nil where the view runs.
func (s *state) judge(rules *AccessRules, required Requirement, answered bool, c *call) *Error {
	if !answered { // 1
		return methodNotAllowed(rules.Allow)
	}
	if rules.Name == "" { // the zero rules let nobody through
		return newError(codePermissionDenied)
	}
	if s.failure != nil { // 2
		rejected := *s.failure
		return &rejected
	}
	token := s.token
	if token == nil && (s.unscoped || listed(rules.Anonymous, c.method)) { // 3
		return nil
	}
	if token == nil { // 4
		return newError(codeNotLoggedIn)
	}
	expired := token.expired(s.cfg.now())
	if expired && token.Session { // 5
		return sessionEnded()
	}
	if expired { // 6
		return newError(codeLoginFailed)
	}
	switch token.Kind {
	case APIToken: // 7
		objectID, known := s.object(rules, c)
		if rules.APITokens && known && token.Policy.Allows(rules.Policy, c.method, objectID) {
			return nil
		}
		return newError(codePermissionDenied)
	case OAuth2:
		if !rules.OAuth2 { // 8
			return newError(codeAccessDenied)
		}
		if !required.met(&token.Scopes) { // 9
			return missingScope(required, token.Scopes)
		}
		return nil // 10
	default: // a kind that nobody knows
		return newError(codePermissionDenied)
	}
}

// object returns the ID of the object of the resource with rules that c is for,
// "" for the collection. It is false if the resource has objects and nobody
// knows which one is meant. A Super with the Key of the resource that was asked
// stands for the same object; one with another Key is known by the path.
func (s *state) object(rules *AccessRules, c *call) (id string, known bool) {
	switch {
	case rules.Key == c.key:
		id = c.object()
		return id, id != "" || c.list || c.key == ""
	case rules.Key == "":
		return "", true
	case c.r != nil:
		id = c.r.PathValue(rules.Key)
	default:
		id = s.objects[rules.Key]
	}
	return id, id != ""
}

func sessionEnded() *Error {
	e := newError(codeNotLoggedIn)
	e.logout = true
	return e
}
