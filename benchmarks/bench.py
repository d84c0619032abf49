"""What every question is given: the material, sizes and a folder to work in."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.settings import Settings
from app.watchlist.index import Index, open_index
from benchmarks.material import Material, read_material


@dataclass(frozen=True)
class Bench:
    """One run of the benchmarks."""

    settings: Settings
    folder: Path
    """Files that were built stay here, named by their sizes."""
    scale: float
    """1 for the sizes that the figures are promised for; smaller for a quick look."""
    repeats: int

    @property
    def is_full(self) -> bool:
        """Whether the sizes are those that the goals are for."""
        return self.scale == 1

    def scaled(self, count: int, *, least: int = 1_000) -> int:
        """Return a size at the scale of this run."""
        return max(least, round(count * self.scale))

    @cached_property
    def index(self) -> Index:
        """The compiled watchlist."""
        return open_index(self.settings.index, self.settings.watchlists)

    @cached_property
    def material(self) -> Material:
        """What lines are made of."""
        return read_material(self.settings)

    @cached_property
    def listed_names(self) -> list[str]:
        """Every name of the dictionary of listed substances, once."""
        return list(dict.fromkeys(self.index.names.column("text").to_pylist()))
