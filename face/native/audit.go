package native

import (
	"storehouse/core/org"
	"storehouse/core/report"
	"storehouse/face/web"
)

func init() {
	routes = append(routes, []web.Route{
		web.Read("GET /v1/audit", org.Admin, audit, web.Title("Books", "Audit the books"),
			web.Doc("Refolds every ledger and compares: goods, values, lots, money, points. There is nothing to report when all is well.")),
	})
}

type differenceOut struct {
	Ledger string `json:"ledger"`
	What   string `json:"what"`
	Stored string `json:"stored"`
	Folded string `json:"folded"`
}

type auditOut struct {
	Checked     map[string]int64 `json:"checked"`
	Differences []differenceOut  `json:"differences"`
}

func audit(c *web.Call, _ web.None) (auditOut, error) {
	res, err := report.Audit(c.Tx)
	if err != nil {
		return auditOut{}, err
	}
	out := auditOut{Checked: res.Checked, Differences: []differenceOut{}}
	for _, d := range res.Differences {
		out.Differences = append(out.Differences, differenceOut{d.Ledger, d.What, d.Stored, d.Folded})
	}
	return out, nil
}
