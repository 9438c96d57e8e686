package notes

// NoteResource serves /notes.
//
// webapi:resource methods=GET,DELETE
type NoteResource struct{}

// TagResource serves /tags.
//
//webapi:resource method=GET
//webapi:require DELETE tag:destory
type TagResource struct{}
