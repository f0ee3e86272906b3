package maker

import (
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Order channels are a short list that can be switched off and on again: a
// channel in use is not deleted.
func channelRoutes(*face) []web.Route {
	l := shortList{"SalesOrders", "/api/order-channels", lookup.OrderChannel, "order channel", "order channels"}
	return append(l.routes(),
		web.Write("DELETE /api/order-channels/{id}", org.Admin, deleteChannel, web.Title(l.tag, "Delete order channel"), web.Output[web.Either[deleted, entry]],
			web.Doc("A channel that orders refer to is switched off instead, and comes back as it now stands.")),
		web.Write("POST /api/order-channels/{id}/reactivate", org.Admin, reactivateChannel, web.Title(l.tag, "Reactivate order channel")),
		lookupUsage(l.tag, l.path, l.kind, "Check order channel usage", func(u lookup.Usage) channelUsage {
			return channelUsage{u.InUse(), u.Counts["salesOrders"]}
		}))
}

type channelUsage struct {
	InUse  bool  `json:"inUse"`
	Orders int64 `json:"soCount"`
}

func deleteChannel(c *web.Call, in pathID) (any, error) {
	id, err := in.of(wire.KindLookup, "order channel")
	if err != nil {
		return nil, err
	}
	e, gone, err := lookup.Delete(c.Tx, lookup.OrderChannel, id)
	if err != nil {
		return nil, err
	}
	if !gone {
		return entryOut(c, e), nil
	}
	return deletedOut(wire.KindLookup, id), nil
}

func reactivateChannel(c *web.Call, in pathID) (entry, error) {
	id, err := in.of(wire.KindLookup, "order channel")
	if err != nil {
		return entry{}, err
	}
	e, err := lookup.Reactivate(c.Tx, lookup.OrderChannel, id)
	return entryOut(c, e), err
}
