package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

type rows struct {
	Data []struct {
		ID        any    `json:"id"`
		Variation int64  `json:"variation_id"`
		Product   int64  `json:"product_id"`
		Stocked   int    `json:"enable_stock"`
		SKU       string `json:"sub_sku"`
		Code      string `json:"skuCode"`
	} `json:"data"`
}

// pick chooses a location, a customer and three stocked SKUs of the demo, and
// finds plenty of each there, through the maker face's own adjustment.
func (s *server) pick(ctx context.Context, makerToken string) error {
	var places, people, goods, makerPlaces rows
	posToken := s.token
	if err := s.call(ctx, "GET", "/connector/api/business-location", nil, &places); err != nil {
		return err
	}
	if err := s.call(ctx, "GET", "/connector/api/contactapi?type=customer&per_page=1&order_by=name", nil, &people); err != nil {
		return err
	}
	if err := s.call(ctx, "GET", "/connector/api/variation?per_page=100", nil, &goods); err != nil {
		return err
	}
	s.token = makerToken
	defer func() { s.token = posToken }()
	if err := s.call(ctx, "GET", "/api/locations", nil, &makerPlaces); err != nil {
		return err
	}
	if len(places.Data) == 0 || len(people.Data) == 0 || len(makerPlaces.Data) == 0 {
		return fmt.Errorf("the demo has no location or no customer")
	}
	var lines []map[string]any
	for _, g := range goods.Data {
		if g.Stocked != 1 || len(lines) == 3 {
			continue
		}
		var found rows
		if err := s.call(ctx, "GET", "/api/skus?q="+g.SKU, nil, &found); err != nil || len(found.Data) == 0 {
			return fmt.Errorf("sku %s: %w", g.SKU, err)
		}
		body, _ := json.Marshal(map[string]any{"skuId": found.Data[0].ID, "locationId": makerPlaces.Data[0].ID, "quantity": 1_000_000_000})
		if err := s.call(ctx, "POST", "/api/inventory/finished-goods/adjustments", body, nil); err != nil {
			return err
		}
		s.sku = g.SKU
		lines = append(lines, map[string]any{"product_id": g.Product, "variation_id": g.Variation, "quantity": 1, "unit_price": "7.5"})
	}
	if len(lines) < 3 {
		return fmt.Errorf("the demo has fewer than three stocked SKUs")
	}
	var err error
	s.sellBody, err = json.Marshal(map[string]any{"sells": []any{map[string]any{"location_id": places.Data[0].ID, "contact_id": people.Data[0].ID, "status": "final",
		"products": lines, "payments": []any{map[string]any{"amount": "22.5", "method": "cash"}}}}})
	return err
}

// sell makes one durable sell; an element of the answer that is an error
// counts as one.
func (s *server) sell(ctx context.Context, _ int64) error {
	var out struct {
		Data []struct {
			ID int64 `json:"id"`
		} `json:"data"`
	}
	if err := s.call(ctx, "POST", "/connector/api/sell", s.sellBody, &out); err != nil {
		return err
	}
	if len(out.Data) != 1 || out.Data[0].ID == 0 {
		return fmt.Errorf("the sell was refused")
	}
	return nil
}

func (s *server) stockOfOne(ctx context.Context, _ int64) error {
	r, err := http.NewRequestWithContext(ctx, "GET", s.base+"/admin/indexyii.php?r=api/SyncInventory&Skucode="+s.sku, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.syncKey)
	resp, err := s.http.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("stock feed: %d", resp.StatusCode)
	}
	return nil
}

func (s *server) sellList(ctx context.Context, _ int64) error {
	return s.call(ctx, "GET", "/connector/api/sell?per_page=50&order_by_date=desc", nil, nil)
}
