// Package storehouse holds the tests of the whole house: the dependency rules
// (arch_test.go) and the end-to-end tests that cross faces.
package storehouse
