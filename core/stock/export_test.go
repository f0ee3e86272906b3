package stock

// WithLong runs fn as if walks of more than n entries were long.
func WithLong(n int64, fn func()) {
	defer func(was int64) { long = was }(long)
	long = n
	fn()
}
