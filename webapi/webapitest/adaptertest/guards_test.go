package adaptertest

import "testing"

func TestGuards(t *testing.T) { Guards(t, reference) }
