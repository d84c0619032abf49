"""Systematic names of other European languages put into English nomenclature, so that OPSIN can read them.

Nomenclature is regular: a word is a chain of morphemes, each language spells them in its own way, and the order of the
words is the language's. A word that is not wholly made of known morphemes is left as it is.
"""

import re
from functools import lru_cache

_SPELLINGS = """
phenyl=fenil,fenile,fenilo,fenyl,fenylo,phenyle,phenylo,fenila,fenylu phenylene=fenilen,fenylen phenoxy=fenoxi,fenoksi
phenethyl=fenetil,fenetilo,fenetile,fenetyl,fenetylo,fenethyl,phenethyle,fenetylu phenol=fenol,fenolo
methyl=metil,metile,metilo,metyl,metylo,methyle,metila,metylu,metilico,methylique,metylow,metylowo,metylowy,metilovii
ethyl=etil,etile,etilo,etyl,etylo,athyl,aethyl,ethyle,etila,etylu,etilico,ethylique,etylow,etylowo,etylowy,etilovii
propyl=propil,propile,propilo,propylo,propyle,propila,propylu,propilico,propylique,propilovii
butyl=butil,butile,butilo,butylo,butyle,butila,butylu,butilico,butylique,butilovii pentyl=pentil,pentilo,pentylo
hexyl=hexil,hexilo,heksil,heksyl,heksylo,geksil
benzyl=bencil,benzil,benzile,benzilo,bencilo,benzylo,benzyle,benzila,benzylu
benzyl=benzylow,benzylowo,benzylowy,benzilovii benzylidene=benciliden,benzyliden,benziliden vinyl=vinil,vinilo
allyl=alil,allil,alilo,allilo,allyle,allylo,alila,allile acetyl=acetil,acetilo,acetile,acetylo,acetyle,acetylu,aceetyl
acet=aceet aceto=aceto propionyl=propionil,propionilo,propionile,propionylo,propionyle,propionylu propion=propion
propanoyl=propanoil,propanoilo,propanoile,propanoylo,propanoyle,propanoylu benzoyl=benzoil,benzoilo,benzoylo
formyl=formil,formilo,formylo piperidyl=piperidil,piperidilo,piperydyl,piperydylo yl=il,ilo,ile,ylo,yle,ila
ylidene=iliden,ilideno,yliden,ylideno methylene=metilen,metileno,metilene,metylen,metyleno,methylen,methyleen,metilena
ethylene=etilen,etileno,etylen,athylen,ethylen propenyl=propenil,propenilo,propenylo iso=izo meth=met eth=et,ath,aeth
amino=ammino,amido amine=amina,ammina,amin amide=amida,amid,ammide anilino=anilino aniline=anilina,anilin imino=imino
imine=imina,imin hydroxy=hidroxi,idrossi,idroksi,hydroksy,hydroxi,hydroksi,hidroksi hydro=hidro,idro
oxy=oxi,ossi,oksi,oksy oxo=osso,okso oxide=oxido,ossido,oksid,oxid,tlenek oxirane=ossirano,oxirano,oksirano,oxiranne
oxiran=oxiran,ossiran,oksiran,oxiraan dioxol=diossol,dioksol,dioxolo,diossolo,dioksolo,dioxool,dioxole,diossole
benzo=benco benzene=bencen,benceno,benzeno,benzen,benzeen,benzol,benzolo toluene=tolueno,toluen,toluol,toluolo,tolueen
benz=benc benzoic=benzoico,benzoique,benzoesow,benzoesowy,benzoinaa,benzoinoi
aldehyde=aldehido,aldeide,aldeido,aldehyd aldehyde=aldegid
carbaldehyde=carbaldehido,carbaldeide,karbaldegid,karbaldehyd,carbaldehyd carbonyl=carbonil,karbonil
carboxy=carboxi,carbossi,karboksi,karboksy carboxylic=carboxilico,carbossilico,carboxylique,karboksylowy,karbonovaa
carboxylate=carboxilato,carbossilato,karboksilat,karboksylan,carboxylat,carboxylaat
carboxamide=carboxamida,karboksamid carboxamide=carbossammide,carboxamid,karboksyamid
carbonitrile=carbonitrilo,karbonitril,karbonitryl,carbonitril nitrile=nitrilo,nitril,nitryl,nitrila,nitriel
cyano=ciano,cian,cyan,cyjano,cijano chloro=cloro,chlor,chloor,clor
cyanide=cianuro,cyanure,cianeto,cyanid,cyjanek,cianid,cianistii
chloride=cloruro,chlorure,cloreto,chlorid,chlorek,chloristii bromo=brom,broom fluoro=fluor,ftor,ftoro,fluoor
bromide=bromuro,bromure,brometo,bromid,bromek,bromistii iodo=yodo,jodo,jod,iod,jood,yod nitro=nitro
iodide=yoduro,iodure,iodeto,jodid,jodek,ioduro,joduro,iodistii,jodure methane=metano,metan,methaan
ethane=etano,etan,ethaan,athan,aethan propane=propano,propaan butane=butano,butaan pentane=pentano,pentaan
hexane=hexano,heksan,hexaan,geksan propen=propen buten=buten one=ona,one,on,oon ol=olo diol=diolo al=al ane=ano,aan
en=en ene=eno,een oic=oico,oique,owy,ovaa oate=oato,oat,oaat ic=ico,ique ate=ato,at,aat
acetate=acetato,acetat,acetaat,octan acetic=acetico,acetique,acetica,octowy,uksusnaa,uksusnoi
propionic=propionico,propionica,propionique,propionowy,propionovaa,propionovii,propionovoi
butanoate=butanoato,butanoat,butanian piperidine=piperidina,piperidin,piperidino,piperydyna,piperydyn,piperydyno
pyridine=piridina,piridin,pyridin piperidone=piperidona,piperidon,piperydon,piperydono piperazine=piperazina,piperazin
furan=furano benzimidazol=bencimidazol,benzoimidazol anthranilic=antranilico,antranilique,antranilowy,antranilovaa
cyclo=ciclo,ciklo,cyklo,zyklo ergoline=ergolina,ergolin ketone=cetona,chetone,keton,cetone ether=eter,etere
anhydride=anhidrido,anidride,anhydrid,bezwodnik,anidrid,anidrido acetamide=acetamida,acetammide,acetamid
acetamido=aceetamido,acetammido cyanate=cyanato,cianato oxa=ossa,oksa aza=aza methanol=metanol,methanolo
acid=acido,acide,kwas,kislota,kisloti sulfate=sulfato,solfato,siarczan acetoacet=acetoacet malon=malon di=di tri=tri
bis=bis tetra=tetra penta=penta hexa=heksa,geksa mono=mono nor=nor sec=sek,vtor,sec tert=terc,terz,tret,tertio
alpha=alfa gamma=gama,gamma beta=beta ortho=orto para=para meta=meta thio=tio boc=boc
glycidic=glicidico,glycidique,glycidowy,glicidnaa,glicidnoi glycidate=glicidato,glicidat,glycydan,glicydan,glycidat
sodium=sodio,natria,sodu,natrium,sodico potassium=potasio,potassio,kalia,potasu,kalium,potasico calcium=calcio,kalcia
ester=efir,estere,ester oxide=oxyde butyl=butylow,butylowo,butylowy propyl=propylow,propylowo,propylowy
hydrochloride=clorhidrato,cloridrato,chlorhydrate,chlorowodorek,idrochlorid,hydrochlorid,cloridrat
phenylacetic=fenylooctowy piperonyl=piperonil,piperonilo,piperonylowo,piperonylowy
phenylacetate=phenacetate,fenacetato
lactone=lattone,lactona,lacton,lakton acetessig=acetessig salicyl=salicil methan=methan ethan=ethan propan=propan
butan=butan pentan=pentan hexan=hexan
phenyl=fenyyli methyl=metyyli,metilov ethyl=etyyli,etilov propyl=propyyli,propil butyl=butyyli
benzyl=bentsyyli,bensyl phenethyl=fenetyyli acetyl=asetyyli carboxyl=karboksyyli,karboxyl,karboksil
carboxyl=karboksyl,carboxil,karboxil
carboxylic=karboxylic,karboxylova,karboksilna,carboxilic,karboxylowy,karboxilna,karbonova
carboxylate=karboxylat,karboxilat carboxylate=karboksylaatti,carboxilat,karboksilat methylene=metyleeni,metileen
benzo=bentso,benso benz=bents,bens dioxol=dioksol,dioksoli oxirane=oksiraani,oxiran piperidine=piperidiini
piperidone=piperidoni butanoate=butanoaatti acetate=asetaatti,aketat
glycidate=glysidaatti,glisidat,glicydynian,gliciidat amine=amiini amide=amidi nitrile=nitriili
chloro=kloro,kloori,klor bromo=bromi iodo=jodi,jodo ketone=ketoni aldehyde=aldehydi anhydride=anhydridi,anhidrit
acet=aket,aset aceto=aketo,aseto acetic=aketic,octova,ocetna malonic=malonova,malonovoi,malonowy malonate=malonaatti
glycidic=glykidic,glycidova,glicidna,glicidova benzoic=benzoena,benzoova anthranilic=antranilova propane=propaani
butane=butaani ethane=etaani sodium=natrievaa,natriev potassium=kalievaa,kaliev salt=sol tert=trit one=oni
acid=kyselina,kiselina,kisloty,kiseline,happo
"""

_ENGLISH: dict[str, str] = {}
for _entry in _SPELLINGS.split():
    _english, _others = _entry.split("=")
    for _spelling in (_english, *_others.split(",")):
        _ENGLISH.setdefault(_spelling, _english)
_LONGEST = max(map(len, _ENGLISH))
_JOINTS = ("", "o", "e", "i")
"""What languages put between two morphemes or at the end of a word."""

# Acids of German and Dutch are one word: what stands before `säure` and `zuur` says which.
_ACID_STEMS = {
    "carbon": "carboxylic", "essig": "acetic", "azijn": "acetic", "benzoe": "benzoic", "propion": "propionic",
    "butter": "butyric", "boter": "butyric", "ameisen": "formic", "mieren": "formic", "ethaan": "ethanoic",
    "athan": "ethanoic", "ethan": "ethanoic", "butan": "butanoic", "butaan": "butanoic", "propan": "propanoic",
    "propaan": "propanoic", "anthranil": "anthranilic", "glycid": "glycidic", "glicid": "glycidic",
    "glysidi": "glycidic", "karbon": "carboxylic", "karboxyl": "carboxylic", "carboxyl": "carboxylic",
    "karboksyyli": "carboxylic", "attik": "acetic", "attiks": "acetic", "eddike": "acetic", "etikka": "acetic",
    "ecet": "acetic", "bensoe": "benzoic", "bentsoe": "benzoic", "antranil": "anthranilic",
    "antraniili": "anthranilic", "butaani": "butanoic",
}  # fmt: skip
_ACIDS = "saeure|saure|zuur|syra|syre|happo|sav"
_ACID = re.compile(_ACIDS)
"""Stands in all that the next pattern finds, and is found sooner."""
_ACID_WORD = re.compile(rf"([a-z]*?)({'|'.join(_ACID_STEMS)})(?:{_ACIDS})(?=([a-z]*))")
_WORD = re.compile(r"[a-z]+")

# The order of words, once they are English. A radical is what an ester or halide is named after.
_OF = r"(?: (?:de|di|del|do|da|of|d'|de l') ?| )"
_RADICAL = r"((?:sec-|tert-|n-)?[a-z]*yl|phenethyl)"
_METALS = ("sodium", "potassium", "calcium", "ammonium")
_METAL = rf"({'|'.join(_METALS)})"
# First what stands in every text that a pattern changes: it is sought sooner than the pattern.
_ORDER = tuple(
    (tuple(marks.split("|")), re.compile(pattern), order)
    for marks, pattern, order in (
        ("d'|l'", r"\b(?:d'|l')", ""),
        ("ester", rf"^(?:ester ){_RADICAL}{_OF}(?:la |el |l')?acid (.*)ic\b", r"\1 \2ate"),
        ("ester", rf"^{_RADICAL} ester{_OF}(.*)ic acid$", r"\1 \2ate"),
        ("anhydride", r"^anhydride(?: de| del| do)?(?: l')? acid (.*ic)$", r"\1 anhydride"),
        ("acid", r"\bacid ((?:[^\s;]| (?=\())*ic)\b", r"\1 acid"),
        ("chloride|bromide|iodide|cyanide", rf"^(chloride|bromide|iodide|cyanide){_OF}(.+)$", r"\2 \1"),
        ("ate", rf"^(.*(?:oate|ate)){_OF}{_RADICAL}$", r"\2 \1"),
        ("ate", rf"^(.*(?:oate|ate)){_OF}{_METAL}$", r"\2 \1"),
        ("ic", rf"^(.*)ic {_RADICAL}$", r"\2 \1ate"),
        ("salt", rf"^{_METAL} ?salt (?:of )?(.*)ic acid$", r"\1 \2ate"),
        ("ketone", r"^ketone ([a-z]+yl)[- ]?([a-z]+yl)$", r"\1 \2 ketone"),
        ("ether|oxide", r"^(ether|oxide) (?:de |di |d')?([a-z]+yl)$", r"\2 \1"),
        ("anhydride", r"^anhydride ([a-z]+ic)$", r"\1 anhydride"),
        ("ate", rf"^{_RADICAL}-(?=.*ate$)", r"\1 "),
        ("anate|anic", r"(?<=[htpx]an)(?=ate\b|ic acid\b)", "o"),
        ("glycid", r"glycidate", "oxirane-2-carboxylate"),
        ("glycid", r"glycidic acid", "oxirane-2-carboxylic acid"),
        ("idin", r"(\d)-(piperid|pyrrolid)in(amine|one)\b", r"\2in-\1-\3"),
        ("dioxy", r"methylidenedioxy", "methylenedioxy"),
        ("amidobenzo", r"amidobenzo", "aminobenzo"),
    )
)


def english_of(folded: str) -> str:
    """Return a folded systematic name in English nomenclature, as far as its morphemes are known.

    Args:
        folded: text as `app.chemistry.fold.fold` leaves it.

    Returns:
        `1-fenil-2-propanona` as `1-phenyl-2-propanone`, `cloruro de bencilo` as `benzyl chloride`; a text without such
        morphemes comes back as it is.
    """
    english = _ACID_WORD.sub(_acid_in_english, folded) if _ACID.search(folded) else folded
    english = _WORD.sub(lambda found: _english_word(found.group()), english)
    for marks, pattern, order in _ORDER:
        for mark in marks:
            if mark in english:
                english = pattern.sub(order, english)
                break
    return english


def _acid_in_english(found: re.Match[str]) -> str:
    return f"{found[1]}{_ACID_STEMS[found[2]]} acid{' ' if found[3] else ''}"


@lru_cache(maxsize=65_536)
def _english_word(word: str) -> str:
    """Return a word in English where it is a chain of known morphemes, else as it is."""
    chains: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    chains[len(word)] = ()
    for start in range(len(word) - 1, -1, -1):
        for end in range(min(len(word), start + _LONGEST), start, -1):
            morpheme = _ENGLISH.get(word[start:end])
            if morpheme is None:
                continue
            for joint in _JOINTS:
                after = end + len(joint)
                rest = chains[after] if word[end:after] == joint and after <= len(word) else None
                if rest is not None and (chains[start] is None or len(rest) + 1 < len(chains[start] or ())):
                    chains[start] = (morpheme, *rest)
    chain = chains[0]
    return word if chain is None else _joined(chain)


def _joined(chain: tuple[str, ...]) -> str:
    """Return morphemes as one English word: a stem's last vowel goes before another vowel."""
    word = ""
    for morpheme in chain:
        if word.endswith("e") and morpheme[0] in "aeiouy" and not word.endswith("eneo"):
            word = word[:-1]
        word += f" {morpheme}" if morpheme == "hydrochloride" else morpheme
        if morpheme in _METALS:
            word += " "
    return word.strip()
