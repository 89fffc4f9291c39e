"""Attribution: how the credit for conversions is shared among channels and departments."""
