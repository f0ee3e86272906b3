package native

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/web"
)

// opsRoutes are what those who run the program ask it. They need no
// credential: they say nothing of any organization's business.
func opsRoutes(d Deps) []web.Route {
	return []web.Route{
		web.Plain("GET /healthz", org.Public, func(*web.Call, web.None) (statusOut, error) { return statusOut{"ok"}, nil },
			web.Title("Operation", "Is the program alive?")),
		web.Plain("GET /readyz", org.Public, d.ready, web.Title("Operation", "Can the program take work?"), web.Output[statusOut],
			web.Doc("503 while the database does not answer, while its schema is not up to date, and once the program has been told to stop.")),
		web.Plain("GET /metrics", org.Public, d.metrics, web.Title("Operation", "Measurements in Prometheus' text format")),
	}
}

type statusOut struct {
	Status string `json:"status"`
}

// readyTime is how long the database may take to answer.
const readyTime = 2 * time.Second

func (d Deps) ready(c *web.Call, _ web.None) (web.Reply, error) {
	ctx, cancel := context.WithTimeout(c.R.Context(), readyTime)
	defer cancel()
	if err := d.Ready(ctx); err != nil {
		slog.WarnContext(ctx, "not ready", "error", err)
		return web.Reply{Status: http.StatusServiceUnavailable, Body: statusOut{"not ready"}}, nil
	}
	return web.Reply{Status: http.StatusOK, Body: statusOut{"ready"}}, nil
}

func (d Deps) metrics(*web.Call, web.None) (web.Raw, error) {
	families, err := d.Metrics.Gather()
	if err != nil && len(families) == 0 {
		return web.Raw{}, fault.New(fault.Internal, "metrics: %v", err)
	}
	var b bytes.Buffer
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	e := expfmt.NewEncoder(&b, format)
	for _, f := range families {
		if err := e.Encode(f); err != nil {
			return web.Raw{}, err
		}
	}
	return web.Raw{Type: string(format), Body: b.Bytes()}, nil
}

// Gatherer collects measurements.
type Gatherer = prometheus.Gatherer
