"""The errors of this project, named by what the reader can do about them."""

from dataclasses import dataclass


class PrecursorWatchError(Exception):
    """Anything this project raises on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file or request, with its place."""

    place: str
    """File and key, or row and field: where the reader should look."""
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class InputError(PrecursorWatchError):
    """The caller sent something that cannot be worked with; mend it and send it again."""


class UnreadableFileError(InputError):
    """A shipment file cannot be read at all."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


class UnknownNameError(InputError):
    """Something was asked for by a name nobody knows here."""

    def __init__(self, kind: str, name: str, known: tuple[str, ...] = ()) -> None:
        hint = f"; known: {', '.join(known)}" if known else ""
        super().__init__(f"no {kind} is called {name!r}{hint}")
        self.kind = kind
        self.name = name
        self.known = known

    def __reduce__(self) -> tuple[type["UnknownNameError"], tuple[str, str, tuple[str, ...]]]:
        """Travel from a worker to the first process whole."""
        return type(self), (self.kind, self.name, self.known)


class MappingError(InputError):
    """A column was mapped to a field that is not there, or the other way round."""


class WatchlistError(PrecursorWatchError):
    """The watchlist's files or its compiled index cannot be used."""


class WatchlistFaultsError(WatchlistError):
    """The files of the watchlist were refused; every fault of the folder is in `faults`."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class StaleIndexError(WatchlistError):
    """The compiled index is missing or does not belong to these files and libraries; compile it again."""


class SettingsError(PrecursorWatchError):
    """A setting has a value that cannot be used; names the variable."""


class StorageError(PrecursorWatchError):
    """The database could not keep what it was given; nothing was answered on the strength of it."""


class DrawingUnavailableError(PrecursorWatchError):
    """This machine cannot draw structures; install the system's packages named in `packages`."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        super().__init__(
            f"Structures cannot be drawn on this machine: libraries of the system are missing. "
            f"On Debian and Ubuntu, the packages {', '.join(packages)} bring them"
        )
        self.packages = packages


class ReleaseNotHereError(PrecursorWatchError):
    """A decision cannot be given again with what it was decided with; bring the release to this machine."""


class NotActivatedError(PrecursorWatchError):
    """A release could not be activated here, or not yet everywhere; the message says which."""


class RecordGoneError(PrecursorWatchError):
    """The fields of a record were erased or never kept; the decision on it stays, but cannot be given again."""


class ReplacedError(PrecursorWatchError):
    """A rescreening came to another outcome; look at the newer decision."""

    def __init__(self, decision_id: str, newer: str) -> None:
        super().__init__(f"decision {decision_id} was replaced by {newer}, which is the one to review")
        self.newer = newer


class SamePersonError(PrecursorWatchError):
    """A clearance must be confirmed by another person than the one who gave it."""

    def __init__(self, decision_id: str) -> None:
        super().__init__(f"the clearance of decision {decision_id} must be confirmed by another person")


class NoStructureError(PrecursorWatchError):
    """There are no two structures to draw for a finding."""


class JobNotDoneError(PrecursorWatchError):
    """A job has no result: it is still worked on, or came to nothing; look at its state."""


class ResultGoneError(PrecursorWatchError):
    """A job's result is no longer kept; send the file again."""


class TookTooLongError(PrecursorWatchError):
    """A request was given up, because its records take too long; send fewer at a time, or a job."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it took longer than {seconds:g} s")
        self.seconds = seconds


class KeyReusedError(PrecursorWatchError):
    """An `Idempotency-Key` came with another request than the one it was first sent with; choose a new key."""
