package native

import (
	"strconv"

	"storehouse/core/connect"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// What came from the web shops, and what became of it: nothing that a shop
// was thanked for is lost without a word.
func init() {
	op := func(title string) web.Opt { return web.Title("Shops", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/shop/statement", org.Admin, shopStatement, op("Count the deliveries of each shop"),
			web.Doc("received waits to be applied; repeats are deliveries of a version that had come before.")),
		web.Read("GET /v1/shop/deliveries", org.Admin, shopDeliveries, op("List deliveries"), web.Doc("Newest first, each with the reason why it was ignored or is held.")),
		web.Write("POST /v1/shop/deliveries/{id}/apply", org.Admin, applyDelivery, op("Apply a delivery's order again")),
		web.Write("POST /v1/shop/match", org.Admin, matchOrders, op("Apply again what waits for goods or for SKUs"),
			web.Doc("The program does this by itself every five minutes.")),
	})
}

type statementOut struct {
	Source   int64  `json:"source"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Received int64  `json:"received"`
	Applied  int64  `json:"applied"`
	Ignored  int64  `json:"ignored"`
	Held     int64  `json:"held"`
	Repeats  int64  `json:"repeats"`
}

type statementsOut struct {
	Data []statementOut `json:"data"`
}

func shopStatement(c *web.Call, _ web.None) (statementsOut, error) {
	out := statementsOut{[]statementOut{}}
	sources, err := connect.Sources(c.Tx)
	for _, s := range sources {
		n, err := connect.Statement(c.Tx, s.ID)
		if err != nil {
			return out, err
		}
		out.Data = append(out.Data, statementOut{s.ID, s.Name, s.Email, n[connect.Received], n[connect.Applied], n[connect.Ignored], n[connect.Held], n["repeats"]})
	}
	return out, err
}

type deliveriesIn struct {
	Source int64  `query:"source" minimum:"1"`
	Order  int64  `query:"order" minimum:"1" doc:"The shop's id of the order."`
	State  string `query:"state" enum:"received,applied,ignored,held"`
	Cursor string `query:"cursor"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"500"`
}

type deliveryOut struct {
	ID       int64      `json:"id"`
	Source   int64      `json:"source"`
	Order    int64      `json:"order"`
	Topic    string     `json:"topic" enum:"created,updated,deleted,restored"`
	Modified wire.ISO   `json:"modifiedAt"`
	Came     int64      `json:"came" doc:"How often it was delivered."`
	State    string     `json:"state" enum:"received,applied,ignored,held"`
	Reason   wire.TextN `json:"reason"`
	Received wire.ISO   `json:"receivedAt"`
	Settled  wire.ISO   `json:"settledAt"`
}

type deliveriesOut struct {
	Data []deliveryOut `json:"data"`
	Next *string       `json:"nextCursor"`
}

func deliveryOf(d connect.Delivery) deliveryOut {
	return deliveryOut{d.ID, d.Source, d.Order, d.Topic, wire.ISO(d.Modified), d.Repeats, d.State, wire.TextN(d.Reason), wire.ISO(d.ReceivedAt), wire.ISO(d.SettledAt)}
}

func shopDeliveries(c *web.Call, in deliveriesIn) (deliveriesOut, error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	f := connect.DeliveryFilter{Source: in.Source, Order: in.Order, State: in.State, Limit: int(in.Limit) + 1}
	at, err := web.ParseCursor(in.Cursor, 1)
	if err != nil {
		return deliveriesOut{}, err
	}
	if at != nil {
		f.Before, _ = strconv.ParseInt(at[0], 10, 64)
	}
	list, err := connect.Deliveries(c.Tx, f)
	out := deliveriesOut{Data: []deliveryOut{}}
	if len(list) > int(in.Limit) {
		list = list[:in.Limit]
		next := web.Cursor(strconv.FormatInt(list[in.Limit-1].ID, 10))
		out.Next = &next
	}
	for _, d := range list {
		out.Data = append(out.Data, deliveryOf(d))
	}
	return out, err
}

func applyDelivery(c *web.Call, in pathID) (deliveryOut, error) {
	d, err := connect.GetDelivery(c.Tx, in.ID)
	if err != nil {
		return deliveryOut{}, err
	}
	if _, err := connect.Apply(c.Tx, d.Source, d.Order, true); err != nil {
		return deliveryOut{}, err
	}
	d, err = connect.GetDelivery(c.Tx, in.ID)
	return deliveryOf(d), err
}

type matchedOut struct {
	Orders int64 `json:"orders" doc:"How many orders were waiting and have been applied again."`
}

func matchOrders(c *web.Call, _ web.None) (matchedOut, error) {
	n, err := connect.MatchOrders(c.Tx)
	return matchedOut{n}, err
}
