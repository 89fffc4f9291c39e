"""Logs, one JSON object per line, without personal data: routes, not addresses; no names."""

import json
import logging
import sys
from datetime import UTC, datetime

KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class AsJson(logging.Formatter):
    """A record as JSON: ``at``, ``level``, ``event``, and what else was given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
        }
        if _is_ours(record):
            said |= {name: value for name, value in vars(record).items() if name not in KNOWN}
        if record.exc_info and record.exc_info[0]:
            said["error"] = record.exc_info[0].__name__
            said["where"] = _places(record.exc_info[2])
        return json.dumps(said, ensure_ascii=False, default=str)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == "onefunnel"


def _event(record: logging.LogRecord) -> str:
    """What happened. What others write may hold an address that somebody typed: it is left out."""
    if _is_ours(record):
        return record.getMessage()
    if record.name.startswith("gunicorn"):
        return f"{record.name}: {record.msg}"  # what is put into its places is left out
    return record.name


def _places(trace: object) -> list[str]:
    """File, line and function of each step: an error's own text may name a person."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code  # type: ignore[attr-defined]
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")  # type: ignore[attr-defined]
        trace = trace.tb_next  # type: ignore[attr-defined]
    return places


def set_up() -> None:
    """Have everything that is logged written to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # said by Requests
    logging.getLogger("django.security").setLevel(logging.ERROR)
