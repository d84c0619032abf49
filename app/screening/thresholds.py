"""An entry's thresholds and the declared amounts: at, below, above, or not to be told, and which fact is missing."""

from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.decisions import Counted
from app.domain.words import Movement, Verdict
from app.screening.goods import Goods, weighed
from app.screening.numbers import written
from app.screening.quantity import Amount
from app.screening.units import KILOGRAM, LITRE
from app.watchlist.model import Entry, Threshold

WHATEVER = "in force, whatever the amount"
ADDED_UP = ("month", "year")
"""Periods over which amounts are added up."""
_LIGHT, _HEAVY = 0.5, 2.0
"""Kilograms in a litre of the lightest and heaviest listed liquid, with room to spare."""
BOUND = (Movement.EXPORT, Movement.IMPORT, Movement.DOMESTIC)
"""Movements to which thresholds are set."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an entry's thresholds say of a record."""

    verdict: Verdict
    """controlled or conditional."""
    why: str
    counted: tuple[Counted, ...] = ()
    """What this record adds to the totals of a period; empty where no total is kept."""


def weigh(entry: Entry, movement: str | None, goods: Goods, totals_of: tuple[str, ...] = ()) -> Weighed:
    """Compare what is declared with an entry's thresholds.

    Args:
        entry: an entry that covers the record's substance.
        movement: export, import or domestic; another or None where it is not known.
        goods: what the record says of the substance's amount.
        totals_of: whose amounts the instrument adds up.

    Returns:
        `controlled` where a threshold is reached (`amount >= quantity`, or `amount > quantity` for one that begins
        above) or every amount counts; `conditional` with the missing fact where it is below, or cannot be told.
    """
    if not amounts_tell(entry, movement):
        return Weighed(Verdict.CONTROLLED, WHATEVER)
    if movement in BOUND:
        return _weigh_movement(entry, str(movement), goods, totals_of)
    known = {threshold.movement for threshold in entry.thresholds} | set(entry.no_threshold)
    if known == {"any"}:
        return _weigh_movement(entry, "any", goods, totals_of)
    reached_by = [name for name in BOUND if name in entry.movements] or BOUND
    each = {
        name: _weigh_movement(entry, name, goods, ())
        for name in map(str, BOUND)
        if name in reached_by and (name in known or "any" in known)
    }
    if len({one.verdict for one in each.values()}) == 1:
        return next(iter(each.values()))
    reached = [name for name, one in each.items() if one.verdict is Verdict.CONTROLLED]
    open_ones = next(one.why for one in each.values() if one.verdict is not Verdict.CONTROLLED)
    return Weighed(
        Verdict.CONDITIONAL, f"it applies to {' and '.join(reached)}, and the movement is not known; else {open_ones}"
    )


def amounts_tell(entry: Entry, movement: str | None) -> bool:
    """Tell whether an entry weighs amounts that move so; where it does not, every amount counts."""
    if movement not in BOUND:
        return bool(entry.thresholds)
    return movement not in entry.no_threshold and any(each.movement in (movement, "any") for each in entry.thresholds)


def _weigh_movement(entry: Entry, movement: str, goods: Goods, totals_of: tuple[str, ...]) -> Weighed:
    thresholds = [
        replace(each, only_if="") if goods.says(each.shown_by) else each
        for each in entry.thresholds
        if each.movement in (movement, "any")
    ]
    if movement in entry.no_threshold or not thresholds:
        return Weighed(Verdict.CONTROLLED, WHATEVER)
    compared = [(threshold, weighed(threshold, goods, litre)) for threshold, litre in _one_for_both_units(thresholds)]
    amounts = [(threshold, amount) for threshold, amount in compared if isinstance(amount, Amount)]
    counted = tuple(
        Counted(
            Decimal(str(threshold.quantity)),
            threshold.unit,
            threshold.above,
            threshold.period,
            movement,
            totals_of,
            amount.high if isinstance(amount, Amount) and amount.is_certain else None,
        )
        for threshold, amount in (amounts or compared[:1])
        if threshold.period in ADDED_UP and totals_of and not threshold.only_if
    )
    if not amounts:
        lowest = min(thresholds, key=lambda threshold: threshold.quantity)
        return Weighed(Verdict.CONDITIONAL, f"a threshold of {words_of(lowest)} applies and {compared[0][1]}", counted)
    for threshold, amount in amounts:
        if is_reached(threshold, amount.low) and not threshold.only_if:
            return Weighed(
                Verdict.CONTROLLED, f"{amount.words} reaches the threshold of {words_of(threshold)}", counted
            )
    hanging = [(threshold, amount) for threshold, amount in amounts if threshold.only_if]
    own = [(threshold, amount) for threshold, amount in amounts if not threshold.only_if]
    doubtful = [(threshold, amount) for threshold, amount in own if is_reached(threshold, amount.high)]
    for threshold, amount in hanging:
        if is_reached(threshold, amount.high) and not doubtful:
            why = f"{amount.words} reaches the threshold of {words_of(threshold)}, if {threshold.only_if}"
            return Weighed(Verdict.CONDITIONAL, why, ())
    threshold, amount = (doubtful or own or amounts)[0]
    if doubtful:
        why = f"{amount.words}: whether it reaches the threshold of {words_of(threshold)} is not clear"
    else:
        why = f"{amount.words} is below the threshold of {words_of(threshold)}"
        if threshold.above and amount.high == Decimal(str(threshold.quantity)):
            why = f"{amount.words} is at the threshold of {words_of(threshold)}, and the duty begins above it"
        if threshold.period in ADDED_UP:
            why += "; the total of the period is not known"
    return Weighed(Verdict.CONDITIONAL, why, counted)


def _one_for_both_units(thresholds: list[Threshold]) -> list[tuple[Threshold, Threshold | None]]:
    """Join a threshold in kilograms with the same one in litres, so that every amount is compared once.

    `1,591 kg` and `500 gallons` of toluene are one threshold, and say themselves what a litre is to count. Where that
    would not be a liquid's weight, they are of two things (hydrochloric acid, and hydrogen chloride without water).
    """
    litres = [threshold for threshold in thresholds if threshold.unit == LITRE]
    joined = []
    for threshold in thresholds:
        if threshold.unit == KILOGRAM:
            twin = next((each for each in litres if _LIGHT <= threshold.quantity / each.quantity <= _HEAVY), None)
            litres = [each for each in litres if each is not twin]
            joined.append((threshold, twin))
    return joined + [(threshold, None) for threshold in litres]


def is_reached(threshold: Threshold | Counted, value: Decimal) -> bool:
    """Say whether an amount is subject to a threshold: at it or above it, or only above where the law says so."""
    quantity = Decimal(str(threshold.quantity))
    return value > quantity or (value == quantity and not threshold.above)


def words_of(threshold: Threshold | Counted) -> str:
    """Return a threshold in words: `1,591 kg a month`."""
    per = "" if threshold.period == "transaction" else f" a {threshold.period}"
    return f"{written(Decimal(str(threshold.quantity)))} {threshold.unit}{per}"
