"""Serve a workspace: gunicorn's processes answer, one worker beside them does the long work."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from onefunnel.settings import ServerSettings
from onefunnel.web.site.logs import AsJson

RESTART_AFTER = 1.0
STARTING = threading.Lock()
"""Held while the worker is started. Who starts a process waits for the end of a pipe, and one that
gunicorn forks meanwhile would hold it open: nobody would see then when the worker ends."""
os.register_at_fork(
    before=STARTING.acquire,
    after_in_parent=STARTING.release,
    after_in_child=STARTING.release,
)


class Site(BaseApplication):  # type: ignore[misc]
    """Gunicorn with the settings of a workspace; each process loads the application for itself."""

    def __init__(
        self, workspace: Path, bound: str, kept: ServerSettings, ready: Callable[[], None]
    ) -> None:
        self.workspace = workspace
        self.options: dict[str, Any] = {
            "bind": bound,
            "workers": kept.processes,
            "worker_class": "gthread",
            "threads": kept.threads,
            "timeout": 120,
            "graceful_timeout": 15,
            "keepalive": 5,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "limit_request_line": 8190,
            "forwarded_allow_ips": "127.0.0.1,::1",
            "proc_name": "onefunnel",
            "when_ready": lambda server: ready(),
            "logconfig_dict": _logging(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, in the process that answers."""
        from onefunnel.web.site.wsgi import application

        return application(self.workspace)


def serve(
    workspace: Path,
    host: str,
    port: int,
    kept: ServerSettings,
    ready: Callable[[], None],
    leaving: Callable[[], None],
) -> None:
    """Serve until told to stop; the worker is started again whenever it ends.

    ``leaving`` is called when the processes that answer are gone, and the worker is to end.
    """
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(workspace, stop), daemon=True)
    keeper.start()
    bound = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        Site(workspace, bound, kept, ready).run()
    finally:
        leaving()
        stop.set()
        keeper.join(timeout=70)


def _keep_worker(workspace: Path, stop: threading.Event) -> None:
    command = [sys.executable, "-m", "onefunnel.web.jobs.worker", str(workspace), str(os.getpid())]
    while not stop.is_set():
        with STARTING:
            started = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        with started as worker:
            while worker.poll() is None and not stop.wait(0.2):
                pass
            if worker.poll() is None:
                worker.terminate()
                try:
                    worker.wait(60)
                except subprocess.TimeoutExpired:
                    worker.kill()
        stop.wait(RESTART_AFTER)


def _logging() -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": AsJson}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            # Its warnings quote requests that can't be read.
            "gunicorn.error": {"level": "ERROR", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            "django.request": {"level": "CRITICAL"},
        },
    }
