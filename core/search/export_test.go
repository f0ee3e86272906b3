package search

// What the tests look at from outside.
var (
	Ahead = ahead
	Begin = begin
)
