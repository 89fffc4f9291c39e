"""Each request in the log and in the metrics: its route, how it ended, how long it took."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest, HttpResponse

log = logging.getLogger("onefunnel.requests")
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the histogram, in seconds."""


class Tally:
    """How many requests ended how, and how long they took, since the process began."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.ended: Counter[tuple[str, int]] = Counter()
        self.within: Counter[float] = Counter()
        self.seconds = 0.0
        self.count = 0

    def add(self, route: str, status: int, seconds: float) -> None:
        """One request."""
        with self._lock:
            self.ended[route, status] += 1
            self.seconds += seconds
            self.count += 1
            for bound in BOUNDS:
                if seconds <= bound:
                    self.within[bound] += 1


tally = Tally()


class Requests:
    """Times each request. A route is a pattern: what stands in an address may be a name."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say how it went."""
        began = time.perf_counter()
        response = self.answer(request)
        seconds = time.perf_counter() - began
        match = request.resolver_match
        route = match.route if match else "-"
        tally.add(route, response.status_code, seconds)
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        said = {
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "milliseconds": round(1000 * seconds, 1),
        }
        log.log(level, "request", extra=said)
        return response
