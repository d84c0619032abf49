"""What the search makes of the names before the first text: made once with the index, and mapped by who screens.

With many names it takes longer to make than a file takes to screen. Where none is kept, or the code that makes it has
changed since, it is made again in memory, and is the same.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa

from app.chemistry.keyhash import HashSet, UInts
from app.domain.errors import StaleIndexError
from app.screening.policy import Policy
from app.watchlist.index import numbers_of, read_table

Made = Mapping[str, pa.Array]
"""Arrays by name, of any lengths."""
_NAME = "search-{code}-"
"""How the name of a file begins; the digest of what is in it stands behind."""
_DIGITS = 32


class MadeOnce:
    """Arrays in groups, each of them there or made when it is asked for first."""

    def __init__(self, held: dict[str, Made] | None = None) -> None:
        """Take what is there already, by the name of each group."""
        self._held = held or {}

    def take(self, group: str, make: Callable[[], Made]) -> Made:
        """Return a group of arrays by name, made where it is not there."""
        if group not in self._held:
            self._held[group] = make()
        return self._held[group]

    def hash_set(self, group: str, make: Callable[[], UInts]) -> HashSet:
        """Return a set of hashes, uint64[n], made where it is not there."""
        made = self.take(group, lambda: set_columns(HashSet(make())))
        return read_set(made)

    def save(self, place: Path, policy: Policy) -> Path:
        """Keep all groups with an index, instead of what was kept with it before.

        Args:
            place: the folder of the index.
            policy: what the groups were made with.

        Returns:
            The file. It is there as a whole or not at all.

        Raises:
            OSError: the folder cannot be written.
        """
        rows = {
            f"{group}.{name}": pa.LargeListArray.from_arrays(pa.array([0, len(array)], pa.int64()), array)
            for group, arrays in self._held.items()
            for name, array in arrays.items()
        }
        number, aside = tempfile.mkstemp(prefix=".search-", dir=place)
        os.close(number)
        try:
            with pa.OSFile(aside, "wb") as sink, pa.ipc.new_file(sink, pa.table(rows).schema) as writer:
                writer.write_table(pa.table(rows))
            os.chmod(aside, 0o644)  # a service may run as another user than the compiler
            kept = place / f"{_NAME.format(code=_code(policy))}{_digest(Path(aside))}.arrow"
            os.replace(aside, kept)
        finally:
            Path(aside).unlink(missing_ok=True)
        for other in place.glob(_NAME.format(code="*") + "*"):
            if other != kept:
                other.unlink()
        return kept


def find_kept(place: Path, policy: Policy) -> Path | None:
    """Return the file kept with the index in a folder for this code and policy, None where there is none."""
    return next(place.glob(_NAME.format(code=_code(policy)) + "*"), None)


def open_made(place: Path, policy: Policy) -> MadeOnce:
    """Return what is kept with the index in a folder, nothing where nothing is.

    Raises:
        StaleIndexError: it is damaged: compile the index again.
    """
    kept = find_kept(place, policy)
    if kept is None:
        return MadeOnce()
    if not kept.stem.endswith(_digest(kept)):
        raise StaleIndexError(f"{kept} is damaged: run `precursor-watch watchlist compile --force`")
    table = read_table(kept)
    held: dict[str, dict[str, pa.Array]] = {}
    for column in table.column_names:
        group, name = column.split(".")
        held.setdefault(group, {})[name] = table.column(column).chunk(0).flatten()
    return MadeOnce({**held})


def set_columns(hashes: HashSet) -> dict[str, pa.Array]:
    """Return the arrays of a set of hashes, as `read_set` takes them."""
    return {"ordered": pa.array(hashes.ordered), "slots": pa.array(hashes.slots)}


def read_set(made: Made) -> HashSet:
    """Return the set of hashes with these arrays."""
    return HashSet.of_parts(numbers_of(made["ordered"]), numbers_of(made["slots"]))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:_DIGITS]


@cache
def _code(policy: Policy) -> str:
    """Return a digest of the policy and of this room's code: what is made by other code may mean something else."""
    code = hashlib.sha256(policy.id.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        code.update(path.name.encode() + b"\0" + path.read_bytes())
    return code.hexdigest()[:16]
