"""Where a server may listen, and under which address people find it."""

import ipaddress
import socket

from onefunnel.errors import UsageError

PORTS_TRIED = 100


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def base_address(host: str, port: int, url: str) -> str:
    """The address of the pages, without a slash at its end.

    UsageError where others than this machine may come and the settings don't say by which address:
    a page is answered under the names that are known, and under no other.
    """
    if url:
        return url.rstrip("/")
    if not is_loopback(host):
        raise UsageError(
            f"On {host} others reach this server, and nothing says under which address.",
            remedy='Set it in onefunnel.toml: [server] url = "https://funnel.example".',
        )
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def warning(host: str, url: str) -> str:
    """What to warn of: passwords that travel where others may read them; empty where none do."""
    if is_loopback(host) or url.startswith("https://"):
        return ""
    return (
        "Without https, passwords and records travel in the clear: anybody on the way can read "
        "them. Put a proxy with https before this server, and its address into [server] url."
    )


def check_free(host: str, port: int) -> None:
    """UsageError where nothing can listen on an address."""
    try:
        _bind(host, port)
    except OSError as error:
        raise UsageError(
            f"Nothing can listen on {host}:{port}: {error.strerror or error}.",
            remedy="Give another one with --port.",
        ) from error


def first_free(host: str, port: int) -> int:
    """The first port from ``port`` on that is free. UsageError where a hundred are taken."""
    for each in range(port, port + PORTS_TRIED):
        try:
            _bind(host, each)
        except OSError:
            continue
        return each
    raise UsageError(
        f"The ports {port} to {port + PORTS_TRIED - 1} are all taken.", remedy="Give --port."
    )


def _bind(host: str, port: int) -> None:
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
