"""What is not on record."""

from onefunnel.errors import OnefunnelError


class NotOnRecord(OnefunnelError):
    """A lead or a party that no record of the ledger names."""

    code = "not_on_record"
    exit_status = 3
    http_status = 404
