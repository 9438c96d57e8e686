package generator

import "context"

// Folders returns the folders that cfg names, as they are spelt in diagnostics:
// those of its patterns and that of its spec. Its errors are those of [Packages].
func Folders(ctx context.Context, cfg Config) ([]string, error) {
	folders, err := find(ctx, cfg)
	if err != nil {
		return nil, err
	}
	folders, diags, err := attachSpecs(cfg, folders)
	if err != nil {
		return nil, err
	}
	if diags.Sort(); len(diags) > 0 {
		return nil, diags
	}
	paths := make([]string, len(folders))
	for i, f := range folders {
		paths[i] = f.path
	}
	return paths, nil
}
