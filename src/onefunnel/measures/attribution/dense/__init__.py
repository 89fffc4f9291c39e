"""Attribution's counts by compiled passes over touches in order."""
