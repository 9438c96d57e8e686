package store

import (
	"database/sql"
	"errors"
	"fmt"
)

// collect returns what rows has; fields names where a row's columns go.
func collect[T any](rows *sql.Rows, err error, fields func(*T) []any) ([]T, error) {
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	all := []T{} // not nil: the JSON of an empty list is []
	for rows.Next() {
		var t T
		if err := rows.Scan(fields(&t)...); err != nil {
			return nil, errors.Join(fmt.Errorf("store: %w", err), rows.Close())
		}
		all = append(all, t)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return all, nil
}
