package pos

import (
	"storehouse/base/dec"
	"storehouse/core/org"
	"storehouse/core/report"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).reportRoutes) }

func (f *face) reportRoutes() []web.Route {
	return []web.Route{
		web.Read("GET /connector/api/profit-loss-report", org.Viewer, f.profitLoss, web.Title("Reports", "Get profit and loss report"), may("profit_loss_report.view")),
		web.Read("GET /connector/api/product-stock-report", org.Viewer, f.productStock, web.Title("Reports", "Get product stock report"), may("stock_report.view")),
	}
}

// whole leaves as a JSON integer, rounded half up: the vendor's app reads
// these figures into integers and crashes on a fraction.
type whole dec.D

// MarshalJSON implements json.Marshaler.
func (n whole) MarshalJSON() ([]byte, error) {
	d, err := dec.D(n).Round(0)
	return []byte(d.Fixed(0)), err
}

// Schema implements wire.Schemer.
func (whole) Schema() map[string]any { return wire.Obj{"type": "integer"} }

// double leaves as a JSON number that always has a fraction, 9764.0: the
// vendor's app reads these figures into floats and crashes on an integer.
type double dec.D

// MarshalJSON implements json.Marshaler.
func (n double) MarshalJSON() ([]byte, error) {
	d := dec.D(n)
	if d.IsInt() {
		return []byte(d.Fixed(1)), nil
	}
	return []byte(d.String()), nil
}

// Schema implements wire.Schemer.
func (double) Schema() map[string]any { return wire.Obj{"type": "number"} }

// profitOut is the account in the vendor's words; what his server counts
// beside and the books have no name for is zero.
type profitOut struct {
	PurchaseShipping  whole      `json:"total_purchase_shipping_charge" doc:"Always 0: it is part of the landed cost, total_purchase."`
	SellShipping      whole      `json:"total_sell_shipping_charge" doc:"Rounded to a whole number, as the vendor's app reads it."`
	PurchaseExpense   wire.Dec4  `json:"total_purchase_additional_expense"`
	SellExpense       wire.Dec4  `json:"total_sell_additional_expense" doc:"Packing and other charges."`
	TransferShipping  wire.Dec4  `json:"total_transfer_shipping_charges"`
	OpeningStock      whole      `json:"opening_stock" doc:"Cost of the stock on hand before start_date, rounded to a whole number."`
	ClosingStock      wire.Dec4  `json:"closing_stock" doc:"Cost of the stock on hand at the end of end_date."`
	Purchase          whole      `json:"total_purchase" doc:"Landed cost of what was received, rounded to a whole number."`
	PurchaseDiscount  wire.Dec4  `json:"total_purchase_discount"`
	PurchaseReturn    wire.Dec4  `json:"total_purchase_return"`
	Sell              double     `json:"total_sell" doc:"Totals of final sells without order tax."`
	SellDiscount      wire.Dec4  `json:"total_sell_discount"`
	SellReturn        wire.Dec4  `json:"total_sell_return"`
	RoundOff          wire.Dec4  `json:"total_sell_round_off"`
	Expense           wire.Dec4  `json:"total_expense"`
	Adjustment        wire.Dec4  `json:"total_adjustment" doc:"Cost of what was written off, less what was found."`
	Recovered         wire.Dec4  `json:"total_recovered"`
	Reward            wire.Dec4  `json:"total_reward_amount"`
	LeftSide          []struct{} `json:"left_side_module_data"`
	RightSide         []struct{} `json:"right_side_module_data"`
	CostOfSales       wire.Dec4  `json:"total_cost_of_sales" doc:"Cost of the goods sold, less that of what came back."`
	Net               double     `json:"net_profit"`
	Gross             double     `json:"gross_profit"`
	TotalSellBySubset []struct{} `json:"total_sell_by_subtype"`
}

type profitIn struct {
	Location rowID     `query:"location_id" doc:"id of the location"`
	Start    wire.Text `query:"start_date" doc:"format:Y-m-d"`
	End      wire.Text `query:"end_date" doc:"format:Y-m-d"`
	User     rowID     `query:"user_id" doc:"id of the user who made the sells"`
}

func (f *face) profitLoss(c *web.Call, in profitIn) (data[profitOut], error) {
	var none data[profitOut]
	at, err := places(c, in.Location.N)
	if err != nil {
		return none, err
	}
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	from, to, err := between(in.Start.S, in.End.S, z)
	if err != nil {
		return none, err
	}
	p, err := report.ProfitAndLoss(c.Tx, report.ProfitFilter{Locations: at, User: in.User.N, From: from, To: to})
	if err != nil {
		return none, err
	}
	return data[profitOut]{profitOut{SellShipping: whole(p.Shipping), SellExpense: wire.Dec4(p.Extras), OpeningStock: whole(p.OpeningStock),
		ClosingStock: wire.Dec4(p.ClosingStock), Purchase: whole(p.Purchases), Sell: double(p.Sales), SellDiscount: wire.Dec4(p.Discounts),
		SellReturn: wire.Dec4(p.Returns), RoundOff: wire.Dec4(p.RoundOff), Expense: wire.Dec4(p.Expenses), Adjustment: wire.Dec4(p.Adjusted),
		Reward: wire.Dec4(p.Rewards), LeftSide: []struct{}{}, RightSide: []struct{}{}, CostOfSales: wire.Dec4(p.CostOfSales), Net: double(p.Net),
		Gross: double(p.Gross), TotalSellBySubset: []struct{}{}}}, nil
}

// stockPage is how many rows a page of the stock report has, whatever
// per_page says.
const stockPage = 15

// stockLevelOut is a SKU at a location. Figures are texts: the vendor's app reads
// them so.
type stockLevelOut struct {
	Sold          wire.Dec4  `json:"total_sold"`
	Transferred   wire.Dec4  `json:"total_transfered"`
	Adjusted      wire.Dec4  `json:"total_adjusted"`
	StockPrice    wire.Dec4  `json:"stock_price" doc:"Cost of what is on hand."`
	Stock         wire.Dec4  `json:"stock"`
	SKU           string     `json:"sku"`
	Product       string     `json:"product"`
	Type          string     `json:"type"`
	ProductID     int64      `json:"product_id"`
	Unit          wire.TextN `json:"unit"`
	EnableStock   wire.Bit   `json:"enable_stock"`
	UnitPrice     wire.Dec4  `json:"unit_price"`
	Variation     string     `json:"product_variation"`
	VariationName string     `json:"variation_name"`
	LocationName  wire.TextN `json:"location_name"`
	Location      wire.IntN  `json:"location_id"`
	VariationID   int64      `json:"variation_id"`
}

type stockIn struct {
	Location    rowID    `query:"location_id" doc:"id of the location"`
	Category    rowID    `query:"category_id"`
	SubCategory rowID    `query:"sub_category_id"`
	Brand       rowID    `query:"brand_id"`
	Unit        rowID    `query:"unit_id"`
	Product     rowID    `query:"product_id"`
	Variation   rowID    `query:"variation_id"`
	Page        wire.Int `query:"page" doc:"Which page, from 1; there are 15 rows a page."`
}

func (f *face) productStock(c *web.Call, in stockIn) (pageOf[stockLevelOut], error) {
	var none pageOf[stockLevelOut]
	at, err := places(c, in.Location.N)
	if err != nil {
		return none, err
	}
	page := paging{Page: in.Page, PerPage: wire.Int{N: stockPage, Set: true}}
	rows, total, err := stock.Shelf(c.Tx, stock.ShelfFilter{Locations: at, Category: in.Category.N, SubCategory: in.SubCategory.N, Brand: in.Brand.N,
		Unit: in.Unit.N, Product: in.Product.N, Item: in.Variation.N}, stockPage, page.offset())
	if err != nil {
		return none, err
	}
	moved, err := movedAt(c, rows)
	if err != nil {
		return none, err
	}
	out := []stockLevelOut{}
	for _, v := range rows {
		m := moved[[2]int64{v.Item, v.Location}]
		name, group := v.VariationName, v.GroupName
		if name == "" {
			name = "DUMMY"
		}
		if group == "" {
			group = "DUMMY"
		}
		out = append(out, stockLevelOut{Sold: wire.Dec4(m.sold), Transferred: wire.Dec4(m.sent), Adjusted: wire.Dec4(m.lost), StockPrice: wire.Dec4(v.Value),
			Stock: wire.Dec4(v.OnHand), SKU: v.Code, Product: v.ProductName, Type: v.ProductType, ProductID: v.Product, Unit: wire.TextN(v.Unit),
			EnableStock: wire.Bit(v.EnableStock), UnitPrice: wire.Dec4(v.SellPriceIncTax), Variation: group, VariationName: name,
			LocationName: wire.TextN(v.LocationName), Location: wire.IntN(v.Location), VariationID: v.Item})
	}
	return paged(f, asked(c), page, out, int(total)), nil
}

// moves is what went out of a SKU at a location, ever.
type moves struct{ sold, sent, lost dec.D }

func movedAt(c *web.Call, rows []stock.ShelfRow) (map[[2]int64]moves, error) {
	var items []int64
	for _, v := range rows {
		items = append(items, v.Item)
	}
	out := map[[2]int64]moves{}
	if len(items) == 0 {
		return out, nil
	}
	flows, err := stock.Flows(c.Tx, stock.FlowFilter{Items: unique(items), ByItem: true})
	var sum dec.Calc
	for _, v := range flows {
		k := [2]int64{v.Item, v.Location}
		m := out[k]
		switch {
		case v.Event == stock.Consume && (v.DocType == "sale" || v.DocType == "sale_return"):
			m.sold = sum.Add(m.sold, v.Quantity)
		case v.Event == stock.Transfer && v.Out:
			m.sent = sum.Add(m.sent, v.Quantity)
		case v.Event == stock.Dispose:
			m.lost = sum.Add(m.lost, v.Quantity)
		}
		out[k] = m
	}
	if err == nil {
		err = sum.Err()
	}
	return out, err
}
