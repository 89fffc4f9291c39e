"""Which rows of touches are contacts with the company, and which only speak of them."""

import ibis.expr.types as ir

NO_CONTACT = "self_report"
"""The kind of touch that is a statement about touches, and none itself."""


def is_contact(touches: ir.Table) -> ir.BooleanValue:
    """Whether a row is a contact and not what somebody says of one; it must have its ``kind``.

    Never NULL: a touch of unknown kind is a contact.
    """
    return (touches.kind != NO_CONTACT).fill_null(True)
