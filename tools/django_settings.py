"""Django's settings for tools that read them from a module: the type checker, migrations."""

import tempfile
from pathlib import Path

from onefunnel import bootstrap
from onefunnel.web.site import current
from onefunnel.web.site.secrets import Secrets
from onefunnel.web.site.values import values

_workspace = bootstrap.init_workspace(Path(tempfile.mkdtemp(prefix="onefunnel-types-")))
current.serve(_workspace.path)
globals().update(values(_workspace, Secrets("not a secret", "")))
