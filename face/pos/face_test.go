package pos

import (
	"net/http/httptest"
	"testing"

	"storehouse/base/fault"
	"storehouse/face/wire"
)

func TestEveryFaultHasAStatus(t *testing.T) {
	for _, k := range fault.Kinds {
		if statuses[k] == 0 {
			t.Errorf("fault kind %d has no status", k)
		}
	}
}

func TestPageLinksRepeatTheQuery(t *testing.T) {
	r := httptest.NewRequest("GET", "http://shop.test/connector/api/contactapi?type=customer&per_page=2&page=2", nil)
	p := paging{Page: wire.Int{N: 2, Set: true}, PerPage: wire.Int{N: 2, Set: true}}
	got := paged(&face{}, question{r, r.URL.Query()}, p, []int{3, 4}, 5)
	if got.Links.Next == nil || *got.Links.Next != "http://shop.test/connector/api/contactapi?page=3&per_page=2&type=customer" {
		t.Errorf("next = %v", got.Links.Next)
	}
	if *got.Meta.From != 3 || *got.Meta.To != 4 || got.Meta.LastPage != 3 || got.Meta.Total != 5 {
		t.Errorf("meta = %+v", got.Meta)
	}
}

func TestSentences(t *testing.T) {
	f := fault.Field("first_name", "is required")
	if got := sentence(f); got != "The first name field is required." {
		t.Error(got)
	}
}
