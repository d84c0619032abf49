"""Open the compiled watchlist, ready to screen."""

from pathlib import Path

from app.chemistry.opsin import find_name_reader
from app.screening.screener import Screener
from app.watchlist.index import open_index


def open_screener(index_folder: Path, watchlists: Path) -> Screener:
    """Open the index that belongs to the watchlist's files and prepare the screening.

    Args:
        index_folder: where compiled indexes are kept.
        watchlists: the folder of the watchlist's files.

    Raises:
        StaleIndexError: there is no index for these files and libraries; compile it.
    """
    reader = find_name_reader()
    index = open_index(index_folder, watchlists)
    return (
        Screener(index, read_names=reader.read, is_strange_word=reader.is_strange_word) if reader else Screener(index)
    )
