"""Keys of records in addresses: any text, in one segment of a path."""

import re

ESCAPE = "~"
_ODD = re.compile(r"[~/\\\x00-\x1f\x7f]|^\.+$")


class Identifier:
    """A converter of paths: what would not come through a segment unharmed is escaped.

    Slashes, control characters and a key of dots alone become ``~`` and two digits each; the rest
    Django quotes.

    >>> Identifier().to_url("a/b~c"), Identifier().to_url("..")
    ('a~2Fb~7Ec', '~2E~2E')
    >>> Identifier().to_python("a~2Fb~7Ec")
    'a/b~c'
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The key; ValueError, which is no such page, where it can't be one."""
        parts = value.split(ESCAPE)
        return parts[0] + "".join(chr(int(part[:2], 16)) + part[2:] for part in parts[1:])

    def to_url(self, value: str) -> str:
        """The key as a segment."""
        return _ODD.sub(lambda odd: "".join(f"{ESCAPE}{ord(c):02X}" for c in odd[0]), value)
