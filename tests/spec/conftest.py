"""The engines on which every case runs."""

from tests.spec.engines import load

__all__ = ["load"]
