package bypass

import "testing"

func TestList(t *testing.T) {
	if err := new(TaskResource).list(nil, nil); err != nil { // a test may
		t.Error(err)
	}
}
