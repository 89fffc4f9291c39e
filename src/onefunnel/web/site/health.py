"""Whether the server is well, for whoever watches it: health for anybody, metrics with a token."""

import hmac
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from onefunnel.ledger.disk.head import read_head
from onefunnel.store.models import Heartbeat, Job
from onefunnel.version import RELEASE
from onefunnel.web.site import current
from onefunnel.web.site.access import open_page
from onefunnel.web.site.errors import as_json
from onefunnel.web.site.requests import BOUNDS, tally

DEAD_AFTER = timedelta(seconds=30)


@open_page
def health(request: HttpRequest) -> HttpResponse:
    """200 while the database answers and the worker lives, else 503; says nothing of the firm."""
    alive = worker_is_alive()
    said = {"well": alive, "worker": "alive" if alive else "silent", "release": RELEASE}
    return JsonResponse(said, status=200 if alive else 503)


def worker_is_alive() -> bool:
    """Whether the worker was heard within the last half minute."""
    return Heartbeat.objects.filter(at__gte=timezone.now() - DEAD_AFTER).exists()


@open_page
def metrics(request: HttpRequest) -> HttpResponse:
    """Metrics as Prometheus reads them; asks for the token that stands in the secrets."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), current.secrets().metrics_token.encode()):
        return as_json(401, "not_signed_in", "Metrics need the token.", "It is in secrets.toml.")
    text = "\n".join(_lines()) + "\n"
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _lines() -> Iterator[str]:
    head = read_head(current.workspace().ledger)
    yield "# TYPE onefunnel_ledger_version gauge"
    yield f"onefunnel_ledger_version {head.version}"
    yield "# TYPE onefunnel_worker_alive gauge"
    yield f"onefunnel_worker_alive {int(worker_is_alive())}"
    yield "# TYPE onefunnel_jobs gauge"
    for row in Job.objects.values("kind", "state").annotate(n=Count("id")).order_by():
        yield f'onefunnel_jobs{{kind="{row["kind"]}",state="{row["state"]}"}} {row["n"]}'
    yield "# TYPE onefunnel_requests_total counter"
    for (route, status), number in sorted(tally.ended.items()):
        name = route.replace("\\", "\\\\").replace('"', '\\"')
        yield f'onefunnel_requests_total{{route="{name}",status="{status}"}} {number}'
    yield "# TYPE onefunnel_request_seconds histogram"
    for bound in BOUNDS:
        yield f'onefunnel_request_seconds_bucket{{le="{bound}"}} {tally.within[bound]}'
    yield f'onefunnel_request_seconds_bucket{{le="+Inf"}} {tally.count}'
    yield f"onefunnel_request_seconds_sum {tally.seconds:.6f}"
    yield f"onefunnel_request_seconds_count {tally.count}"
