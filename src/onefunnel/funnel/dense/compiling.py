"""How loops over arrays are compiled."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The function, compiled when it is first called, and free of the interpreter's lock.

    The compiled code is kept beside the source or in the user's cache. Where neither can be
    written, it is compiled anew in each process. What is kept grows old only with the function's
    own file: so a compiled function calls none of another file, and takes what is set in another
    file as an argument.
    """
    try:
        return cast(F, njit(nogil=True, cache=True)(function))
    except RuntimeError:  # no folder for the cache
        return cast(F, njit(nogil=True)(function))
