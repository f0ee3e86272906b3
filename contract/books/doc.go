// Package books tests the books as a whole: random histories in which all
// kinds of documents (purchase orders, work and production orders, sales
// orders, sells and their returns, transfers, adjustments) meet in the same
// stock, compared after every step with a model that knows the rules of the
// domain and none of the program's code.
package books
