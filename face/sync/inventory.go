package sync

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// sku is a product of the answer; every value is a text, ids included.
type sku struct {
	Product     string   `json:"products_id"`
	Description string   `json:"productDescription"`
	Code        string   `json:"SkuCode"`
	Stock       string   `json:"Stock" doc:"All godowns shown, with one decimal at least."`
	Godowns     []godown `json:"Godowns"`
}

type godown struct {
	Name  string `json:"Godown"`
	ID    string `json:"Godownid"`
	Stock string `json:"Stock"`
}

type query struct {
	Route  string `query:"r" required:"true" doc:"api/SyncInventory"`
	Code   string `query:"Skucode" doc:"Filter the inventory synchronization by SKU code."`
	Godown string `query:"Godownid" doc:"Filter the inventory synchronization by Godown ID."`
}

// inventory streams the feed. It reads the raw query, because the reference's
// own example repeats Godownid and quotes a value.
func inventory(c *web.Call, in query) (web.Stream, error) {
	if in.Route != "api/SyncInventory" {
		return web.Stream{}, fault.New(fault.NotFound, "Unknown route.")
	}
	f, none := filter(c.R.URL.RawQuery)
	return web.Stream{Write: func(w io.Writer) error {
		out := writer{w: w}
		if !none {
			if err := stock.Feed(c.Tx, f, out.row); err != nil {
				return err
			}
		}
		return out.end()
	}}, nil
}

// filter reads the filters: quotes are stripped, a Godownid that is no number
// is a SKU code, the last of a repeated parameter counts. none is true where
// nothing can match.
func filter(raw string) (f stock.FeedFilter, none bool) {
	for _, pair := range strings.Split(raw, "&") {
		k, v, _ := strings.Cut(pair, "=")
		if u, err := url.QueryUnescape(v); err == nil {
			v = u
		}
		v = strings.Trim(strings.TrimSpace(v), `'"`)
		if v == "" {
			continue
		}
		switch strings.ToLower(k) { // a filter that is overlooked would show everything
		case "skucode":
			f.Code = v
		case "godownid":
			v = strings.TrimSuffix(v, ".0")
			n, err := strconv.ParseInt(v, 10, 64)
			switch {
			case err == nil && n > 0:
				f.Location = n
			case err == nil:
				none = true
			case strings.Trim(v, "0123456789") == "": // a number too big to be an id
				none = true
			default:
				f.Code = v
			}
		}
	}
	return f, none
}

// writer gathers the rows of a SKU and writes it when the next begins.
type writer struct {
	w     io.Writer
	item  int64 // the SKU being gathered; 0 before the first
	sku   sku
	total dec.D
	wrote bool
}

func (o *writer) row(r stock.FeedRow) error {
	if r.Item != o.item {
		if err := o.flush(); err != nil {
			return err
		}
		o.item, o.total = r.Item, 0
		o.sku = sku{Product: strconv.FormatInt(r.Product, 10), Description: r.Name, Code: r.Code, Godowns: []godown{}}
	}
	if r.Location == 0 {
		return nil
	}
	var c dec.Calc
	o.total = c.Add(o.total, r.OnHand)
	o.sku.Godowns = append(o.sku.Godowns, godown{r.LocationName, strconv.FormatInt(r.Location, 10), r.OnHand.String()})
	return c.Err()
}

func (o *writer) flush() error {
	if o.item == 0 {
		return nil
	}
	o.sku.Stock = oneDecimal(o.total)
	b, err := wire.JSON(o.sku)
	if err != nil {
		return err
	}
	lead := byte(',')
	if !o.wrote {
		lead, o.wrote = '[', true
	}
	_, err = o.w.Write(append([]byte{lead}, b...))
	return err
}

func (o *writer) end() error {
	if err := o.flush(); err != nil {
		return err
	}
	end := "]"
	if !o.wrote {
		end = "[]"
	}
	_, err := io.WriteString(o.w, end)
	return err
}

// oneDecimal writes at least one decimal: "-42893.0", "2.25".
func oneDecimal(d dec.D) string {
	s := d.String()
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
