package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// NewSecret returns a token that nobody can guess: 26 characters with more than
// 128 bits (RFC 6749, section 10.10), after a prefix by which secret scanners
// know it.
func NewSecret(prefix string) string { return prefix + rand.Text() }

// hash returns what is kept of a secret. One round of SHA-256 is enough for
// text that is as random as NewSecret's; it would not be for a password.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Key returns where an access token is found, which is worth nothing to who
// sees it. A login session keeps the key of its token.
func Key(secret string) string { return hash(secret) }
