"""Writes a file of mixed trade, for reading decisions through: listed substances in all their forms among other goods.

Run as `python tools/mixed_trade.py [--records 1000] [--seed 1988] > FILE`. India to the United States, Germany to
Mexico and China to the Netherlands, on days from 2012 to 2026. What is drawn depends on the compiled watchlist and the
seed. The file says nothing of what should come out: that is for the reader to judge, against the law.
"""

import argparse
import csv
import random
import sys
from collections.abc import Callable
from datetime import date, timedelta

from app.settings import read_settings
from app.watchlist.index import Index, open_index
from app.watchlist.model import Substance

ROUTES = (("IN", "US"), ("DE", "MX"), ("CN", "NL"))
FIRST, LAST = date(2012, 1, 1), date(2026, 11, 20)
HEADERS = (
    "record_id", "goods_description", "cas_no", "smiles", "hs_code", "un_no", "quantity", "unit", "concentration",
    "country_of_origin", "destination", "shipment_date", "exporter", "consignee",
)  # fmt: skip
GOODS = (
    "COTTON T-SHIRTS, KNITTED", "BASMATI RICE 5 KG BAGS", "STAINLESS STEEL FLANGES DN50", "AUTOMOTIVE BRAKE PADS",
    "PRINTED BOOKS", "LEATHER HANDBAGS", "GREEN TEA LEAVES", "POLYETHYLENE GRANULES LDPE", "LITHIUM-ION BATTERIES",
    "CERAMIC FLOOR TILES", "FROZEN SHRIMPS", "WOODEN FURNITURE PARTS", "HYDRAULIC PUMPS", "TURMERIC POWDER",
    "CHEMICALS N.O.S.", "LABORATORY REAGENTS, ASSORTED", "ESSENTIAL OIL OF PEPPERMINT", "PAINT THINNER",
)  # fmt: skip
GRADES = ("", "", "", " 99%", " AR", " TECHNICAL GRADE", " BP/USP", " IN DRUMS", " 25 KG DRUMS", " FOR SYNTHESIS")
MIXED = (
    "{name} {share}% IN WATER",
    "{share}% {name}, REST ETHANOL",
    "{name} SOLUTION {share} % W/W",
    "{name} {share}% AND TALC",
)
DOSES = ("{name} {mg} MG TABLETS", "TABLETS OF {name} {mg} MG, 100 BLISTERS", "{name} {mg} MG CAPSULES 10 X 10")
PARTIES = ("ALFA TRADING", "BETA CHEMICALS", "GAMMA PHARMA", "DELTA IMPEX", "EPSILON LABS")
Fields = dict[str, str]


class Clerk:
    """Draws lines from what the watchlist knows."""

    def __init__(self, index: Index, seed: int) -> None:
        self.index = index
        self.draw = random.Random(seed)
        self.substances = index.watchlist.substances
        chemicals = index.chemicals.to_pylist()
        self.relatives = [each for each in chemicals if each["family"] >= 0]
        self.lawful = [each for each in chemicals if each["family"] < 0 and len(each["name"]) < 60]
        self.kinds: tuple[tuple[int, Callable[[], Fields]], ...] = (
            (26, self.named), (9, self.form), (5, self.numbered), (6, self.structure), (7, self.mixture),
            (4, self.preparation), (6, self.derivative), (7, self.disagreeing), (3, self.misspelt), (17, self.other),
            (10, self.goods),
        )  # fmt: skip

    def record(self, number: int) -> Fields:
        """Return one line."""
        draw = self.draw
        (kind,) = draw.choices([kind for _, kind in self.kinds], [weight for weight, _ in self.kinds])
        origin, destination = draw.choice(ROUTES)
        day = FIRST + timedelta(days=draw.randrange((LAST - FIRST).days + 1))
        line = {
            "record_id": str(number),
            "country_of_origin": origin,
            "destination": destination,
            "shipment_date": day.isoformat(),
            "exporter": draw.choice(PARTIES),
            "consignee": draw.choice(PARTIES),
        }
        quantity = draw.choice(
            ("", "0.5", "5", "25", "40", "200", "1,000", "25000", "80 DRUMS X 25 KG", "1X20FT STC 16 MT")
        )
        if quantity:
            line |= {"quantity": quantity, "unit": draw.choice(("kg", "KGM", "L")) if quantity[-1].isdigit() else ""}
        return line | kind()

    def substance(self) -> Substance:
        """Return a listed substance."""
        return self.draw.choice(self.substances)

    def named(self) -> Fields:
        """Return a listed substance by any of its names, with the codes it should have."""
        substance = self.substance()
        name = self.draw.choice(substance.names).text
        return {"goods_description": name.upper() + self.draw.choice(GRADES)} | self._codes(substance, 0.3)

    def form(self) -> Fields:
        """Return a salt or isomer with a number of its own, by name or by number."""
        form = self.draw.choice([form for substance in self.substances for form in substance.forms])
        return self.draw.choice(({"goods_description": form.name.upper()}, {"cas_no": form.cas}))

    def numbered(self) -> Fields:
        """Return a listed substance by its number alone."""
        return {"cas_no": self.draw.choice([cas for substance in self.substances for cas in substance.cas])}

    def structure(self) -> Fields:
        """Return a drawn structure: listed, its salt, or with an isotope or a stereocentre of another kind."""
        smiles = self.draw.choice([each.smiles for each in self.substances if each.smiles])
        labelled = smiles.replace("C", "[13CH3]", 1) if smiles.startswith(("CC", "CO", "CN")) else smiles
        return {"smiles": self.draw.choice((smiles, f"Cl.{smiles}", smiles.replace("@@", "@"), labelled))}

    def mixture(self) -> Fields:
        """Return a mixture with a declared share."""
        name = self.substance().name.upper()
        share = self.draw.choice((1, 4, 5, 10, 20, 20.5, 30, 50, 60, 95))
        return {"goods_description": self.draw.choice(MIXED).format(name=name, share=share)}

    def preparation(self) -> Fields:
        """Return a medicinal product."""
        slug = self.draw.choice(("ephedrine", "pseudoephedrine", "norephedrine", "ergometrine", "ergotamine", "iodine"))
        name = self.substances[self.index.position[slug]].name
        return {
            "goods_description": self.draw.choice(DOSES).format(name=name.upper(), mg=self.draw.choice((2, 30, 60))),
            "hs_code": "3004.49",
        }

    def derivative(self) -> Fields:
        """Return an ester, amide or the like of a listed substance."""
        relative = self.draw.choice(self.relatives)
        return self.draw.choice(({"goods_description": relative["name"].upper()}, {"cas_no": relative["cas"]}))

    def disagreeing(self) -> Fields:
        """Return a listed substance with a number or code of another."""
        substance, other = self.substance(), self.substance()
        foreign: Fields = {"goods_description": substance.name.upper()}
        if other.hs:
            foreign["hs_code"] = other.hs[0]
        if other.un:
            foreign["un_no"] = other.un[0]
        if self.draw.random() < 0.3 and other.cas:
            foreign["cas_no"] = other.cas[0]
        return foreign

    def misspelt(self) -> Fields:
        """Return a listed name with two letters that changed places."""
        name = self.substance().name.upper()
        place = self.draw.randrange(len(name) // 2, len(name) - 1)
        return {"goods_description": name[:place] + name[place + 1] + name[place] + name[place + 2 :]}

    def other(self) -> Fields:
        """Return another chemical, by name, number or both."""
        lawful = self.draw.choice(self.lawful)
        return {"goods_description": lawful["name"].upper()} | (
            {"cas_no": lawful["cas"]} if self.draw.random() < 0.5 else {}
        )

    def goods(self) -> Fields:
        """Return goods that are no chemical."""
        return {"goods_description": self.draw.choice(GOODS)}

    def _codes(self, substance: Substance, share: float) -> Fields:
        known = {"cas_no": substance.cas, "hs_code": substance.hs, "un_no": substance.un}
        return {name: codes[0] for name, codes in known.items() if codes and self.draw.random() < share}


def main() -> None:
    """Write the file to standard output."""
    parser = argparse.ArgumentParser(description="Write a file of mixed trade.")
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1988)
    chosen = parser.parse_args()
    settings = read_settings()
    clerk = Clerk(open_index(settings.index, settings.watchlists), chosen.seed)
    sheet = csv.DictWriter(sys.stdout, HEADERS, lineterminator="\n")
    sheet.writeheader()
    for number in range(1, chosen.records + 1):
        sheet.writerow(clerk.record(number))


if __name__ == "__main__":
    main()
