"""Open the compiled watchlist, ready to screen."""

from pathlib import Path

from app.chemistry.opsin import ReadNames, find_name_reader
from app.screening.screener import Screener
from app.usecases.active_release import find_index, open_active
from app.watchlist.releases import open_release


def open_screener(
    index_folder: Path, watchlists: Path, release: str | None = None, read_names: ReadNames | None = None
) -> Screener:
    """Open the active release, or that of the watchlist's files where none was activated, and prepare the screening.

    Args:
        index_folder: where compiled indexes are kept.
        watchlists: the folder of the watchlist's files.
        release: the digest of this one, whichever is active.
        read_names: reads names as OPSIN does; a reader of this process's own where none is given.

    Raises:
        StaleIndexError: there is no whole index for these files and libraries; compile it.
        ReleaseNotHereError: the release is not on this machine.
    """
    reader = find_name_reader()
    named = None if release is None else open_release(find_index(index_folder, release))
    index = named or open_active(index_folder, watchlists)
    if reader is None:
        return Screener(index, read_names=read_names)
    return Screener(index, read_names=read_names or reader.read, is_strange_word=reader.is_strange_word)
