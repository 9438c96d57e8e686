package webapitest

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// registered are the methods of the HTTP Method Registry of the IANA (RFC 9110,
// section 16.1.1), and then QUERY and those of caches and of UPnP.
const registered = `* ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL
	LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH
	PATCH POST PRI PROPFIND PROPPATCH PUT REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK
	UPDATE UPDATEREDIRECTREF VERSION-CONTROL
	QUERY BAN PURGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE`

// unanswered returns methods that no resource of a table with the methods
// answers: those that are registered, none, some words that a fixed seed makes
// up, and those of the table in another case or with a blank, as methods are
// compared byte by byte.
func unanswered(methods []string) []string {
	list := append([]string{""}, strings.Fields(registered)...)
	for _, m := range methods {
		list = append(list, strings.ToLower(m), m[:1]+strings.ToLower(m[1:]), m+" ")
	}
	list = append(list, madeUp()...)
	return slices.DeleteFunc(list, func(m string) bool { return slices.Contains(methods, m) })
}

// madeUp returns words that look like methods: one that begins with each letter.
func madeUp() []string {
	r := rand.New(rand.NewPCG(1, 1))
	var words []string
	for first := 'A'; first <= 'Z'; first++ {
		word := []rune{first}
		for range 2 + r.IntN(20) {
			word = append(word, 'A'+r.Int32N(26))
		}
		words = append(words, string(word))
	}
	return words
}
