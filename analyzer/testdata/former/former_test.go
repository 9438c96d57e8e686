package former

// Gone stands for the former resource.
type Gone struct{}
