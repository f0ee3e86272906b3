package process

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
)

type rows struct {
	Data []struct {
		ID        any    `json:"id"`
		Variation int64  `json:"variation_id"`
		Product   int64  `json:"product_id"`
		Stocked   int    `json:"enable_stock"`
		SKU       string `json:"sub_sku"`
	} `json:"data"`
}

// Basket is a three-line sell of the demo's goods.
type Basket struct {
	Body []byte // of POST connector/api/sell
	SKU  string // one of the three
}

// Fill chooses a location, a customer and three stocked SKUs of the demo, and
// finds plenty of each there, through the maker face's own adjustment.
func (s *Server) Fill(ctx context.Context, pos string, c Credentials) (b Basket, err error) {
	var places, people, goods, makerPlaces rows
	for _, q := range []struct {
		token, path string
		out         *rows
	}{{pos, "/connector/api/business-location", &places}, {pos, "/connector/api/contactapi?type=customer&per_page=1&order_by=name", &people},
		{pos, "/connector/api/variation?per_page=100", &goods}, {c.Maker.Token, "/api/locations", &makerPlaces}} {
		if err := s.Call(ctx, q.token, "GET", q.path, nil, q.out); err != nil {
			return b, err
		}
		if len(q.out.Data) == 0 {
			return b, fmt.Errorf("the demo has nothing at %s", q.path)
		}
	}
	var lines []map[string]any
	for _, g := range goods.Data {
		if g.Stocked != 1 || len(lines) == 3 {
			continue
		}
		var found rows
		if err := s.Call(ctx, c.Maker.Token, "GET", "/api/skus?q="+url.QueryEscape(g.SKU), nil, &found); err != nil {
			return b, err
		}
		if len(found.Data) == 0 {
			return b, fmt.Errorf("the maker face does not know SKU %s", g.SKU)
		}
		body, err := json.Marshal(map[string]any{"skuId": found.Data[0].ID, "locationId": makerPlaces.Data[0].ID, "quantity": 1_000_000_000})
		if err != nil {
			return b, err
		}
		if err := s.Call(ctx, c.Maker.Token, "POST", "/api/inventory/finished-goods/adjustments", body, nil); err != nil {
			return b, err
		}
		b.SKU = g.SKU
		lines = append(lines, map[string]any{"product_id": g.Product, "variation_id": g.Variation, "quantity": 1, "unit_price": "7.5"})
	}
	if len(lines) < 3 {
		return b, fmt.Errorf("the demo has fewer than three stocked SKUs")
	}
	b.Body, err = json.Marshal(map[string]any{"sells": []any{map[string]any{"location_id": places.Data[0].ID, "contact_id": people.Data[0].ID, "status": "final",
		"products": lines, "payments": []any{map[string]any{"amount": "22.5", "method": "cash"}}}}})
	return b, err
}

// Sell makes one sell and returns its id; a refusal inside the answer is an
// error.
func (s *Server) Sell(ctx context.Context, token string, body []byte) (int64, error) {
	var out struct {
		Data []struct {
			ID int64 `json:"id"`
		} `json:"data"`
	}
	if err := s.Call(ctx, token, "POST", "/connector/api/sell", body, &out); err != nil {
		return 0, err
	}
	if len(out.Data) != 1 || out.Data[0].ID == 0 {
		return 0, fmt.Errorf("the sell was refused")
	}
	return out.Data[0].ID, nil
}
