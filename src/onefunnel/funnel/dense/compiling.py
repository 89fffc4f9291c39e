"""How loops over arrays are compiled."""

from collections.abc import Callable
from functools import cached_property, update_wrapper
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Compiled(Generic[P, R]):
    """A function that is compiled when it is first called, and Numba loaded only then."""

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the compiled function."""
        found: R = self.machine(*args, **kwargs)
        return found

    @cached_property
    def machine(self) -> Callable[..., Any]:
        """What Numba makes of the function and of those it calls."""
        from numba import njit

        function = self._with_machines()
        try:
            made: Callable[..., Any] = njit(nogil=True, cache=True)(function)
        except RuntimeError:  # no folder for the cache
            made = njit(nogil=True)(function)
        return made

    def _with_machines(self) -> Callable[..., Any]:
        """The function, with what it calls by name as Numba wants it."""
        function = self.function
        assert isinstance(function, FunctionType)
        known = function.__globals__
        called = (
            name for name in function.__code__.co_names if isinstance(known.get(name), Compiled)
        )
        machines = {name: known[name].machine for name in called}
        if not machines:
            return function
        with_them = FunctionType(
            function.__code__, {**known, **machines}, function.__name__, function.__defaults__
        )
        return update_wrapper(with_them, function)


def compiled(function: Callable[P, R]) -> Compiled[P, R]:
    """The function, compiled when it is first called, and free of the interpreter's lock.

    The compiled code is kept beside the source or in the user's cache. Where neither can be
    written, it is compiled anew in each process. What is kept grows old only with the function's
    own file: so a compiled function calls none of another file, and takes what is set in another
    file as an argument.
    """
    return Compiled(function)
