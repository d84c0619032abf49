"""What a record says of the amount of one substance in its goods, and how a law weighs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from app.screening.mixtures import PURE, Share, read_share, shares_of
from app.screening.numbers import written
from app.screening.quantity import Amount, Declared, read_declared
from app.screening.units import KILOGRAM, LITRE
from app.watchlist.model import Form, Substance, Threshold

_SALT_WORDS = {
    "hydrochloride": (
        "hydrochlorid", "hcl", "chlorhydrat", "clorhidrat", "cloridrat", "chlorohydrat", "гидрохлорид", "盐酸", "塩酸"
    ),
    "hydrobromide": ("hydrobromid", "bromhydrat", "bromhidrat", "bromidrat", "гидробромид", "氢溴酸"),
    "sodium": ("sodium", "sodio", "sódio", "natrium", "натри", "钠", "na-"),
    "potassium": ("potassium", "potasio", "potássio", "kalium", "кали", "钾"),
}  # fmt: skip
"""How the salts with a listed structure are written; other salts are known by their CAS number."""
_LIGHTEST, _HEAVIEST = Decimal("0.3"), Decimal(3)
"""Kilograms in a litre of any mixture that is declared by litre, with room to spare: a bound, not a guess."""
_MICROGRAM = Decimal("1e-9")
_HUNDRED, _THOUSAND = Decimal(100), Decimal(1000)


@dataclass(frozen=True, slots=True)
class Goods:
    """The amounts of a record as they concern one substance."""

    declared: Declared
    share: Share | None = None
    """How much of the goods is the substance; None where nothing or more than one thing is declared."""
    density: Decimal | None = None
    """Kilograms in a litre of the pure liquid; None where none is listed."""
    form: str = ""
    """The salt or hydrate that the record names."""
    beside: tuple[tuple[str, Share | None], ...] = ()
    """The other substances that were found in the goods, each with its share."""
    base_share: Decimal | None = None
    """What of that salt's weight is the substance."""
    description: str = ""
    """The goods in words."""

    def says(self, words: tuple[str, ...]) -> bool:
        """Tell whether one of some words is in the description, whatever the case."""
        return bool(words) and any(word in self.description.lower() for word in words)

    @property
    def is_pure(self) -> bool:
        """True where no share is declared, or one that is a purity."""
        return self.share is None or (self.share.basis != "g/L" and self.share.low >= PURE)

    @property
    def may_be_pure(self) -> bool:
        """True where nothing declared excludes that the goods are the substance itself."""
        if self.share is None or self.share.basis != "g/L":
            return self.share is None or self.share.high >= PURE
        return self.share.high * _HUNDRED >= PURE * _LIGHTEST * _THOUSAND

    @property
    def is_mixture(self) -> bool:
        """True where what is declared excludes that the goods are the substance itself."""
        return not self.may_be_pure


def goods_of(
    quantity: str | None,
    unit: str | None,
    concentration: str | None,
    description: str | None,
    found: Mapping[int, tuple[Substance, Iterable[str]]],
) -> dict[int, Goods]:
    """Read what a record says of the amount of each substance that was found in it.

    Args:
        quantity: the field as declared.
        unit: the unit of a bare number.
        concentration: the field as declared; it counts where one substance was found.
        description: read for what the fields do not say.
        found: by any key: the substance, and the words and identifiers it was seen by, strongest first.

    Returns:
        The goods by the same keys.
    """
    declared = read_declared(quantity, unit, description)
    text = description or ""
    field = read_share(concentration)
    seen = {key: tuple(matched) for key, (_, matched) in found.items()}
    written_as = {key: next((words for words in matched if words in text), "") for key, matched in seen.items()}
    shares = shares_of(text, {key: words for key, words in written_as.items() if words})
    goods = {}
    for key, (substance, _) in found.items():
        share = field if field is not None and len(found) == 1 else shares.get(key)
        form, part = _form_of(substance, seen[key], text)
        density = None if substance.density is None else Decimal(str(substance.density.kg_per_litre))
        beside = tuple((found[other][0].id, shares.get(other)) for other in found if other != key)
        goods[key] = Goods(declared, share, density, form, beside, part, text)
    return goods


def unread_amounts(goods: Mapping[int, Goods]) -> tuple[str, ...]:
    """Return why a declared quantity could not be read; nothing where none was declared, or nothing was found."""
    return tuple(dict.fromkeys(each.declared.problem for each in goods.values() if each.declared.problem))


def weighed(threshold: Threshold, goods: Goods, in_litres: Threshold | None = None) -> Amount | str:
    """Return the amount that a threshold is compared with.

    Args:
        threshold: its unit, and whether it weighs the goods, the substance in them, or the substance as its base.
        goods: what is declared.
        in_litres: the same threshold in litres, where the law states both: litres then count as it says.

    Returns:
        The amount in the threshold's unit, with how it was come by; or, as text, what is missing to tell it.
    """
    amount = goods.declared.amount(threshold.unit)
    part = None if threshold.counts == "goods" or goods.is_pure else goods.share
    if amount is None:
        converted = _converted(threshold, goods, part, in_litres)
        if isinstance(converted, str):
            return converted
        amount, part = converted
    if part is not None and not amount.active and threshold.unit == KILOGRAM:
        if part.basis == "g/L":
            return "the concentration is by volume, and no volume is declared"
        amount = _scaled(amount, part.low / _HUNDRED, part.high / _HUNDRED, f"{part.words} of {amount.words}")
    if threshold.counts == "base" and goods.base_share is not None and threshold.unit == KILOGRAM:
        words = f"{amount.words} of the {goods.form} = {{}} as base"
        amount = _scaled(amount, goods.base_share, goods.base_share, "")
        amount = replace(amount, words=words.format(f"{written(amount.high)} kg"))
    return amount


def _converted(
    threshold: Threshold, goods: Goods, part: Share | None, in_litres: Threshold | None
) -> tuple[Amount, Share | None] | str:
    other = goods.declared.amount(LITRE if threshold.unit == KILOGRAM else KILOGRAM)
    if other is None:
        return _missing(goods.declared)
    if part is not None and part.basis == "g/L" and threshold.unit == KILOGRAM:
        words = f"{part.words} in {other.words}"
        return _scaled(replace(other, unit=KILOGRAM), part.low / _THOUSAND, part.high / _THOUSAND, words), None
    if in_litres is not None and other.unit == LITRE:
        litres, kilograms = Decimal(str(in_litres.quantity)), Decimal(str(threshold.quantity))
        low, high = ((value * kilograms / litres).quantize(_MICROGRAM) for value in (other.low, other.high))
        words = f"{other.words} ({written(litres)} L are {written(kilograms)} kg in this law) = {written(high)} kg"
        return replace(other, low=low, high=high, unit=KILOGRAM, words=words), part
    unknown = "of the mixture " if not goods.is_pure else ""
    if unknown or (goods.density is None and threshold.unit == LITRE):
        light, heavy = (_LIGHTEST, _HEAVIEST) if threshold.unit == KILOGRAM else (1 / _HEAVIEST, 1 / _LIGHTEST)
        words = f"{other.words} at {_LIGHTEST} to {_HEAVIEST} kg/L (the density {unknown}is not known)"
        return _scaled(replace(other, unit=threshold.unit), light, heavy, words), part
    if goods.density is None:
        return f"the quantity is in {other.unit}, and no density is listed"
    factor = goods.density if threshold.unit == KILOGRAM else 1 / goods.density
    words = f"{other.words} at {written(goods.density)} kg/L"
    return _scaled(replace(other, unit=threshold.unit), factor, factor, words), part


def _missing(declared: Declared) -> str:
    if declared.problem:
        return declared.problem
    return "the declared quantity could not be read" if declared.anything else "no quantity is declared"


def _scaled(amount: Amount, low: Decimal, high: Decimal, words: str) -> Amount:
    # To a microgram, so that totals are the same in whatever order they are added up.
    exact = [(value * factor).quantize(_MICROGRAM) for value, factor in ((amount.low, low), (amount.high, high))]
    scaled = replace(amount, low=exact[0], high=exact[1])
    shown = written(scaled.high) if scaled.is_certain else f"{written(scaled.low)} to {written(scaled.high)}"
    return replace(scaled, words=f"{words} = {shown} {scaled.unit}")


def _form_of(substance: Substance, seen: tuple[str, ...], description: str) -> tuple[str, Decimal | None]:
    """Return the salt or hydrate that is named, and its share of base: by its CAS number, else by the words for it."""
    known = [form for form in substance.forms if form.base_share is not None] if substance.forms else []
    if not known:
        return "", None
    by_number = [form for form in known if form.cas in seen or form.cas in description]
    if not by_number:
        text = description.lower()
        words = {salt for salt, spellings in _SALT_WORDS.items() if any(word in text for word in spellings)}
        by_number = [form for form in known if any(_is_salt(form, salt) for salt in words)]
    shares = {form.base_share for form in by_number}
    if len(shares) != 1:
        return "", None
    return by_number[0].name, Decimal(str(shares.pop()))


def _is_salt(form: Form, salt: str) -> bool:
    return salt in form.name.lower().split()
