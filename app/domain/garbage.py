"""How often Python looks for garbage that is in circles: seldom, for nearly all that is made here stays or is in none.

Imported before the rest of the program: while that starts, what has just been made is looked at for nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_OBJECTS = 100_000
"""More of them than have gone, before the youngest are looked at; Python's own 700 are passed with every import."""

gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


@contextmanager
def looked_for_later() -> Iterator[None]:
    """Look for no garbage while much is made that stays, and from then on not at what is there now.

    For what stays as long as the process: what is given up later and is in a circle is never taken away.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    gc.freeze()
