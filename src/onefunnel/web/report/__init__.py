"""The report: one HTML file that opens anywhere, without a network.

>>> from onefunnel.web.report import Report, render  # render(report, "fa") -> str
"""

from onefunnel.web.report.model import QuarantineCount, Report
from onefunnel.web.report.render import render

__all__ = ["QuarantineCount", "Report", "render"]
