package pos

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// shelf is what lists of products and variations show beside the rows
// themselves, read in a fixed number of statements for a page.
type shelf struct {
	stamps
	org       int64
	now       time.Time
	image     func(catalog.Product) string
	names     catalog.Names
	places    map[int64]shelfPlace // that the caller may see
	discounts []catalog.Discount   // the highest priority first
	stock     map[int64][]stock.Balance
	lots      map[stockKey][]stock.Lot // nil when they were not asked for
}

type stockKey struct{ item, location int64 }

// shelfPlace is a location, spelled once for all the products that show it.
type shelfPlace struct {
	org.Location
	json []byte // without the closing brace
}

// shelfAsk says what a list shows.
type shelfAsk struct {
	at   []int64 // locations whose stock is shown; nil is all
	lots bool
}

// newShelf reads what does not depend on the page.
func (f *face) newShelf(c *web.Call) (*shelf, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	s := &shelf{stamps: stamps{z}, org: c.Org, now: c.Now, places: map[int64]shelfPlace{}, image: f.imageURL(c)}
	list, err := org.ListLocations(c.Tx, c.Actor.Places.List()...)
	if err != nil {
		return nil, err
	}
	for _, l := range list {
		b, err := json.Marshal(s.productLocation(c.Org, l))
		if err != nil {
			return nil, err
		}
		s.places[l.ID] = shelfPlace{l, b[:len(b)-1]}
	}
	s.discounts, err = catalog.ListDiscounts(c.Tx)
	return s, err
}

// load reads what belongs to a page of products.
func (s *shelf) load(c *web.Call, products []catalog.Product, items []int64, ask shelfAsk) (err error) {
	if s.names, err = catalog.NamesOf(c.Tx, products); err != nil {
		return err
	}
	s.stock = make(map[int64][]stock.Balance, len(items))
	if ask.lots {
		s.lots = map[stockKey][]stock.Lot{}
	}
	for part := range slices.Chunk(items, 5000) {
		err := stock.EachBalance(c.Tx, stock.Filter{Items: part, Locations: ask.at}, func(b stock.Balance) error {
			s.stock[b.Item] = append(s.stock[b.Item], b)
			return nil
		})
		if err != nil {
			return err
		}
		if !ask.lots {
			continue
		}
		lots, err := stock.Lots(c.Tx, part, ask.at)
		if err != nil {
			return err
		}
		for _, l := range lots {
			k := stockKey{l.Item, l.Location}
			s.lots[k] = append(s.lots[k], l)
		}
	}
	return nil
}

// placeOut is a location of a product.
type placeOut struct {
	ID              int64      `json:"id"`
	Business        int64      `json:"business_id"`
	Code            wire.TextN `json:"location_id"`
	Name            string     `json:"name"`
	Landmark        wire.TextN `json:"landmark"`
	Country         wire.TextN `json:"country"`
	State           wire.TextN `json:"state"`
	City            wire.TextN `json:"city"`
	ZipCode         wire.TextN `json:"zip_code"`
	InvoiceScheme   wire.IntN  `json:"invoice_scheme_id"`
	InvoiceLayout   wire.IntN  `json:"invoice_layout_id"`
	PriceGroup      wire.IntN  `json:"selling_price_group_id"`
	PrintReceipt    wire.Bit   `json:"print_receipt_on_invoice"`
	ReceiptPrinter  string     `json:"receipt_printer_type"`
	Printer         wire.IntN  `json:"printer_id"`
	Mobile          wire.TextN `json:"mobile"`
	AlternateNumber wire.TextN `json:"alternate_number"`
	Email           wire.TextN `json:"email"`
	Website         wire.TextN `json:"website"`
	Featured        []string   `json:"featured_products"`
	IsActive        wire.Bit   `json:"is_active"`
	Accounts        string     `json:"default_payment_accounts"`
	Custom1         wire.TextN `json:"custom_field1"`
	Custom2         wire.TextN `json:"custom_field2"`
	Custom3         wire.TextN `json:"custom_field3"`
	Custom4         wire.TextN `json:"custom_field4"`
	DeletedAt       wire.Stamp `json:"deleted_at"`
	CreatedAt       wire.Stamp `json:"created_at"`
	UpdatedAt       wire.Stamp `json:"updated_at"`
}

func (s stamps) productLocation(o int64, l org.Location) placeOut {
	b := s.location(o, l)
	return placeOut{ID: b.ID, Business: b.Business, Code: b.Code, Name: b.Name, Landmark: b.Landmark, Country: b.Country, State: b.State, City: b.City,
		ZipCode: b.ZipCode, InvoiceScheme: b.InvoiceScheme, InvoiceLayout: b.InvoiceLayout, PriceGroup: b.PriceGroup, PrintReceipt: b.PrintReceipt,
		ReceiptPrinter: b.ReceiptPrinter, Printer: b.Printer, Mobile: b.Mobile, AlternateNumber: b.AlternateNumber, Email: b.Email, Website: b.Website,
		Featured: b.Featured, IsActive: b.IsActive, Accounts: l.DefaultPaymentAccounts, Custom1: b.Custom1, Custom2: b.Custom2, Custom3: b.Custom3,
		Custom4: b.Custom4, DeletedAt: b.DeletedAt, CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt}
}

// pivotPlace leaves as a placeOut with its pivot. A page of 3,000 variations
// repeats a location 3,000 times, so its text is made once.
type pivotPlace struct {
	json              []byte
	product, location int64
}

// MarshalJSON implements json.Marshaler.
func (p pivotPlace) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, len(p.json)+64)
	b = append(append(b, p.json...), `,"pivot":{"product_id":`...)
	b = strconv.AppendInt(b, p.product, 10)
	b = append(b, `,"location_id":`...)
	b = strconv.AppendInt(b, p.location, 10)
	return append(b, "}}"...), nil
}

// Schema implements wire.Schemer.
func (pivotPlace) Schema() map[string]any {
	return wire.Obj{"type": "object", "description": "a business location, with pivot {product_id, location_id}"}
}

func (s *shelf) locations(p *catalog.Product) []pivotPlace {
	out := []pivotPlace{}
	for _, id := range p.Locations {
		if l, ok := s.places[id]; ok {
			out = append(out, pivotPlace{l.json, p.ID, id})
		}
	}
	return out
}

type stockOut struct {
	ID        int64      `json:"id"`
	Product   int64      `json:"product_id"`
	Axis      int64      `json:"product_variation_id"`
	Variation int64      `json:"variation_id"`
	Location  int64      `json:"location_id"`
	Quantity  wire.Dec4  `json:"qty_available"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
	Lots      []lotOut   `json:"lot_details,omitzero"`
}

type lotOut struct {
	Number           string     `json:"lot_number"`
	Quantity         wire.Dec4  `json:"qty_available"`
	PurchasePrice    wire.Dec4  `json:"default_purchase_price"`
	PurchasePriceTax wire.Dec4  `json:"dpp_inc_tax"`
	Expires          wire.Stamp `json:"exp_date"`
}

// details says what is available of an item at each location where it has
// been.
func (s *shelf) details(i *catalog.Item) []stockOut {
	out := []stockOut{}
	for _, b := range s.stock[i.ID] {
		if _, ok := s.places[b.Location]; !ok {
			continue
		}
		d := stockOut{ID: pair(i.ID, b.Location), Product: i.Product, Axis: i.Variation, Variation: i.ID, Location: b.Location,
			Quantity: wire.Dec4(b.Available()), CreatedAt: s.at(i.CreatedAt), UpdatedAt: s.at(i.UpdatedAt)}
		if s.lots != nil {
			d.Lots = []lotOut{}
			for _, l := range s.lots[stockKey{i.ID, b.Location}] {
				if l.OnHand > 0 {
					d.Lots = append(d.Lots, lotOut{l.Lot, wire.Dec4(l.OnHand), wire.Dec4(i.PurchasePrice), wire.Dec4(i.PurchasePriceIncTax), s.at(l.Expires)})
				}
			}
		}
		out = append(out, d)
	}
	return out
}

// pair gives every pair of ids a number of its own (Cantor's), as the id of
// what has none.
func pair(a, b int64) int64 { return (a+b)*(a+b+1)/2 + b }

type mediaOut struct {
	ID          int64      `json:"id"`
	Business    int64      `json:"business_id"`
	FileName    string     `json:"file_name"`
	Description wire.TextN `json:"description"`
	UploadedBy  wire.IntN  `json:"uploaded_by"`
	ModelType   string     `json:"model_type"`
	WooID       wire.IntN  `json:"woocommerce_media_id"`
	Model       int64      `json:"model_id"`
	CreatedAt   wire.Stamp `json:"created_at"`
	UpdatedAt   wire.Stamp `json:"updated_at"`
	DisplayName string     `json:"display_name"`
	DisplayURL  string     `json:"display_url"`
}

func (s *shelf) media(v *catalog.Variant) []mediaOut {
	out := []mediaOut{}
	for _, m := range v.Media {
		out = append(out, mediaOut{ID: m.ID, Business: s.org, FileName: m.FileName, Description: wire.TextN(m.Description), UploadedBy: wire.IntN(m.UploadedBy),
			ModelType: `App\Variation`, Model: v.ID, CreatedAt: s.at(m.CreatedAt), UpdatedAt: s.at(m.UpdatedAt), DisplayName: m.DisplayName, DisplayURL: m.URL})
	}
	return out
}

type priceOut struct {
	ID        int64      `json:"id"`
	Variation int64      `json:"variation_id"`
	Group     int64      `json:"price_group_id"`
	Price     wire.Dec4  `json:"price_inc_tax"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
}

func (s *shelf) prices(v *catalog.Variant) []priceOut {
	out := []priceOut{}
	for _, p := range v.Prices {
		out = append(out, priceOut{p.ID, v.ID, p.Group, wire.Dec4(p.Amount), s.at(p.CreatedAt), s.at(p.UpdatedAt)})
	}
	return out
}

type discountOut struct {
	ID         int64      `json:"id"`
	Name       string     `json:"name"`
	Business   int64      `json:"business_id"`
	Brand      wire.IntN  `json:"brand_id"`
	Category   wire.IntN  `json:"category_id"`
	Location   wire.IntN  `json:"location_id"`
	Priority   int64      `json:"priority"`
	Type       string     `json:"discount_type"`
	Amount     wire.Dec4  `json:"discount_amount"`
	StartsAt   wire.Stamp `json:"starts_at"`
	EndsAt     wire.Stamp `json:"ends_at"`
	IsActive   wire.Bit   `json:"is_active"`
	PriceGroup wire.IntN  `json:"spg"`
	InGroups   wire.Bit   `json:"applicable_in_cg"`
	CreatedAt  wire.Stamp `json:"created_at"`
	UpdatedAt  wire.Stamp `json:"updated_at"`
	Starts     string     `json:"formated_starts_at"`
	Ends       string     `json:"formated_ends_at"`
}

// discountsOf returns the discounts that hold now for an item: at each of the
// product's locations the one of the highest priority.
func (s *shelf) discountsOf(p *catalog.Product, item int64) []discountOut {
	out := []discountOut{}
	if len(s.discounts) == 0 {
		return out
	}
	seen := map[int64]bool{}
	for _, at := range p.Locations {
		place, ok := s.places[at]
		if !ok {
			continue
		}
		for _, d := range s.discounts {
			if d.Location != 0 && d.Location != at || d.PriceGroup != 0 && d.PriceGroup != place.PriceGroup || !d.Applies(p, item, s.now) {
				continue
			}
			if !seen[d.ID] {
				seen[d.ID] = true
				out = append(out, s.discount(d))
			}
			break
		}
	}
	return out
}

func (s *shelf) discount(d catalog.Discount) discountOut {
	// The vendor's server formats these without a date; clients know it so.
	clock := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(s.zone).Format(" 15:04")
	}
	return discountOut{ID: d.ID, Name: d.Name, Business: s.org, Brand: wire.IntN(d.Brand), Category: wire.IntN(d.Category), Location: wire.IntN(d.Location),
		Priority: d.Priority, Type: d.Type, Amount: wire.Dec4(d.Amount), StartsAt: s.at(d.StartsAt), EndsAt: s.at(d.EndsAt), IsActive: wire.Bit(d.IsActive),
		PriceGroup: wire.IntN(d.PriceGroup), InGroups: wire.Bit(d.InCustomerGroups), CreatedAt: s.at(d.CreatedAt), UpdatedAt: s.at(d.UpdatedAt),
		Starts: clock(d.StartsAt), Ends: clock(d.EndsAt)}
}

type comboOut struct {
	Variation int64       `json:"variation_id"`
	Quantity  wire.Number `json:"quantity"`
	Unit      wire.IntN   `json:"unit_id"`
}

// combo is what a combo is made of; nil, null, for everything else.
func (s *shelf) combo(v *catalog.Variant) []comboOut {
	var out []comboOut
	for _, p := range v.Parts {
		out = append(out, comboOut{p.Item, wire.Number(p.Quantity), wire.IntN(p.Unit)})
	}
	return out
}

// dec5 leaves with five decimals: the prices of modifiers.
type dec5 dec.D

// MarshalJSON implements json.Marshaler.
func (d dec5) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `"%s"`, dec.D(d).Fixed(5)), nil }

// Schema implements wire.Schemer.
func (dec5) Schema() map[string]any {
	return wire.Obj{"type": "string", "pattern": `^-?[0-9]+\.[0-9]{5}$`}
}
