"""What trade writes beside the goods: who made them, how they are sold, packed and shipped, and where they are from.

Unlike `app.screening.context.NEUTRAL` these words may be goods of their own, or say something in a chemical's name; but
beside a short name, as `MEK`, they do not take its meaning away.
"""

import pycountry

from app.chemistry.fold import split_words

_WORDS = """
merck sigma aldrich fluka tci alfa aesar acros fisher thermo fischer vwr honeywell riedel haen baker jt avantor supelco
loba chemie himedia sdfcl spectrochem rankem qualigens avra finar molychem cdh otto duksan kanto wako daejung samchun
tedia carlo erba panreac scharlau scharlab macherey nagel roth lach ner penta chempur poch sinopharm aladdin macklin
titan basf bayer dow shell exxon ineos sabic reliance deepak lg lotte formosa emplura emsure emparta emprove lichrosolv
reagentplus reagecon chromasolv normapur rectapur rotipuran
sku mpn pn sn part art article articulo artikel artikelnr hsn ean gtin einecs elincs reach registered registration
contract contrato vertrag proforma lc bl awb bill lading eta etd usd eur inr rmb cny gbp jpy rs price value rate amount
unit per fob cif cfr cnf cip cpt exw fca fas dap ddp dpu incoterms duty bond bonded excise excisable customs re
reexport reimport returned return expired sold sale purchase commercial import export
hdpe ldpe pp pe pvc pet ms gi plastic steel iron metal glass fibre fiber paper wooden composite new drum barrel carboy
carboys jar jars flask flasks tote totes iso flexi tanktainer isotanks jumbo poly lined hm palletised palletized pallet
shrink wrapped stuffed loaded laden said contain containing containers stc hazardous nonhazardous non imco packing group
pg ii iii iv flash point boiling storage store keep below above temperature shelf life month months year years
manufacturing manufactured production best before
solvent solvents intermediate intermediates raw excipient api bulk fine speciality specialty industry industries
manufacture processing process purpose purposes application only human consumption not development trial rd re-export
recovered recycled recycle distilled redistilled rectified dehydrated filtered denatured spent waste
pro analysi zur analyse synthese fur pour analyses para analisis sintesis per analisi voor do analiz cda hc osc
country ec under other others nr dye dyes etc etcetera cetera like such similar various assorted balance partial
industrial industrials industriel industrielle industriale industriali industriell industrielle uso utilizzo utilisation
usage emploi fins fin fines destinado laboratorio laboratorios laboratorial laboratoire laboratoires labor laboratorium
laboratorni laboratoryjny laboratoryjnych celow ucely reactivo reactif reactivos reagente tecnico tecnica grado grau
grade qualite qualitat calidad qualidade qualita kvalita jakosc kualitas technique technische technischer techniczna
verwendung verwendet fassern faesser fuss fut futs fusti tambor beczka beczki beczkach varil varili icin kullanim
endustriyel endustri industri cong nghiep hang moi hoa chat dung trong phong thi nghiem untuk dalam
для анализа техн технический лаб лабораторных целей бочках бочка бочки гост ту марка сорт высший первый производство
промышленный промышленных осч хч чда чистый упаковка мешках канистрах
순도 용도 산업용 실험용 드럼 제조 시험
used using paint paints own actual user all details detail attached list packing as boe advance licence license
authorisation authorization intend claim rodtep meis drawback sr lut iec gstin epcg scheme benefit claimed we dbk
mumbai nhava sheva jnpt mundra kandla chennai kolkata delhi hyderabad shanghai ningbo qingdao tianjin shenzhen guangzhou
xiamen dalian hong kong busan incheon tokyo yokohama kobe rotterdam antwerp hamburg bremen felixstowe london le havre
barcelona valencia genoa houston york newark savannah los angeles long beach oakland veracruz manzanillo callao santos
buenos aires jebel ali dubai karachi chittagong colombo bangkok laem chabang manila jakarta haiphong
january february march april may june july august september october november december
"""

_COUNTRIES = " ".join(country.name for country in pycountry.countries)

TRADE_WORDS = frozenset(
    key for word in f"{_WORDS} {_COUNTRIES} usa uk uae eu".split() for key in split_words(word).keys if len(key) > 1
)
"""Keys of these words."""

_SOLVENTS = """
water methanol ethanol isopropanol propanol butanol ipa alcohol xylene xylol hexane heptane cyclohexane acetonitrile
dichloromethane dcm chloroform dmf dmso thf wasser alkohol eau agua acqua alcool
"""

SOLVENTS = frozenset(key for word in _SOLVENTS.split() for key in split_words(word).keys)
"""Keys of what things are dissolved in: `GBL 69 % IN WATER`."""
