"""Check digits of registry numbers: CAS and EC."""

import re

_CAS = re.compile(r"([0-9]{2,7})-([0-9]{2})-([0-9])")
_EC = re.compile(r"([0-9]{3})-([0-9]{3})-([0-9])")


def cas_is_valid(cas: str) -> bool:
    """Tell whether a text is a CAS Registry Number with the right check digit.

    Args:
        cas: the number as printed, with its hyphens, such as `108-24-7`.

    Returns:
        True where the form is right and the last digit is the sum of the others, each times its place counted from the
        right, modulo 10. That does not prove that the number belongs to any substance.

    Source:
        CAS, "Check Digit Verification of CAS Registry Numbers".
    """
    found = _CAS.fullmatch(cas)
    if found is None:
        return False
    digits = found[1] + found[2]
    return sum(int(digit) * place for place, digit in enumerate(reversed(digits), 1)) % 10 == int(found[3])


def ec_is_valid(ec: str) -> bool:
    """Tell whether a text is an EC (EINECS, ELINCS) number with the right check digit.

    Args:
        ec: the number as printed, with its hyphens, such as `203-564-8`.

    Returns:
        True where the form is right and the last digit is the sum of the others, each times its place counted from the
        left, modulo 11.

    Source:
        European Chemicals Agency, "EC Inventory": the check digit of the EC number.
    """
    found = _EC.fullmatch(ec)
    if found is None:
        return False
    return sum(int(digit) * place for place, digit in enumerate(found[1] + found[2], 1)) % 11 == int(found[3])
