// Package connect speaks with other people's systems: it takes a shop's orders
// in and applies them to the order book, and pushes them on to Zoho; it sends
// mail and asks outside webhooks. Whatever goes out is a job: no transaction
// waits for a network.
package connect
