"""Ordinary words and goods, and lawful chemicals in many languages, that a listed name resembles or stands in.

The words are those of the 40,000 most frequent ones of sixteen languages (hermitdave/FrequencyWords, 2018, from film
subtitles), and of the 1.8 million of the spelling dictionaries of eight (Debian's word lists, 2023), that lie within a
slip of a listed name.
"""

from app.chemistry.fold import fold, name_keys

_WORDS = """
koran coran corano corán korán koranen podium pódium mandarin mandarine mandarina mandarín mandarini mandarins
mandarinas mandarines aston halloran shackleton acheron acheson hazelton tollen tolken azeitona azeitonas acceptons
achetons accettano жетон жетоны probaron provarono proponen espiritual decoded fascinate fascinat confinato esamina
disordine demain après-demain propagent naalden klokan klockan klorna lloran corran лоран bosphorus bósforo förföra
întreține menjamin asinan azından ağzından alınan tahmin vitamine vitaminele metilen ergometer ergomètre ergómetro
ergometro ergometric ergométrique ergometrisch эргометр эргометрический велоэргометр ergonomic ergonomics toner
pseudo-cuir safari safran safrán zafferano шафран safira saffron safflower jody jodie jodi joden jodió hetero hétéro
heteró heter etter cetonas cetones ketone ketones chetoni vitamins vitaminas сандрин piperaquine фосфорит фосфориты
phosphorite phosphorites phosphorit fosforita fosforite sandrine
abbinano abbineranno accalorano accattone accedono accettando accettarono acechona acechón aceitón acetinas acetinasse
acetosa acetoso actaeon adiposity aerometry aerostat aeróstato aigrettes aigrettées alleeranno amorphen arquetón
ashton atomar bacchettina baquetón bassethoorn basterete benardheid bepaaldheid besana besann besanna bezeildheid
bezieldheid bronchai bronchais bronchait buhmännern butanols buttarono buttonhole buttonholed buttonhook cachetona
cachetonna cachetonnas cachetonnasse cachetonne cachetonnée cachetón calahorrana calahorrano carasol cardinaal
cardinal cardinale carinas carinhanha carinhas casetón cassettone cellophane chaquetón chineranno chlooracne
chloorwater chlorai chlorant chloras chlorasse clarias clarinada clarinado clarines clarinetas clarinets clarinhos
clarins clorai cloras coleranno colorano congested congestie congestif congestiva congestive congestivo congresstad
contestada contestado contestai contestais contestait contestando contusa contuse contuses contuso corana crolleranno
culleranno czarinas decongest decongestants despecho despeça despeço diod diode dioden diodo distillassero doidinha
décontamina décontamine décontaminée désulfurât ecologen ekologen ergamo ergometern ergonomin ergonomins ergotage
ergotai ergotais ergotant ergotas ergotasse ergotassions ergotons ergotâmes ergotât espirituosa espiritusanto exxon
farkoster foedraal fosforescerão fuggo fugo förfinat geometrin hackathon hackathons hainan hameçonnée hazleton
helioscopen heliotropes heliotropio heliotropism hetaera hetaere hetera hetere hoqueton hornada héliotropisme
idiotropic ingrain inulin inuline iodism iodisme ionium iowan isochor isochore jaquetón joana joann joanna joanne
johan johann johanna johanne jolan joran kardinaal kardinal kardinäle katias katina khorana klottrarna knorhaan
koleran koolwaterstof korane korhaan ladrando lipotropin lodando lodano logrando maccherone macetón macron mandrin
mannaminne manterrete mastered masteren mastert meerechse mercuriales mercurialism mercuriality mercurialize
mercurially mesterete metanalyse mydriatic mydriatique mästetet naaldhak nitratasse néroli obestämt oidium ornada
ornado oxidierten partus permitais permitas phosphatât piperions piperons primaten primates primären privaten
prolamines propagaste propageert propages propageât propagées propalano propali propalino propendono propongono
protamine quadriennal quadriennale rapidinha rassettano reforce renforce renovamiento rentaient rentraient rentrent
renvergent renverraient renversent renviaient renvient renvoient revigorant revirant revivaient revivrait revivront
rimed rimmed rénettaient rénovaient rénoveraient rénovèrent saetón sahelland saldando salzsäule sandrina sanedrín
sanhedrin schwefeliger schwefelnder schwefelten schwefeltet seccaggine sedando seeland selando seton sodann solapa
solape solapo soldando solventerer solventester stammrolle sulfura sulfurage sulfurai sulfurait sulfurant sulfurar
sulfuras sulfurasse sulfurât sulfurâtes sussurrata sussurrate sussurrato tachometry tachymetrie tachymetry tachymètre
talhuen taquimetría taquimétrica taquimétrico taquímetro taquímetros tasterete tholen thoolen tillåter tolden tolen
tolena tolhekken tolleren tollkühnen tollten uitrol vignettes vignetées vignetés vistarono wanks waterstoffluoride
wavemeter westrem wistaria wodan zoetzuur zwavelpoeder zwavelwater äquatornah échelonnée émigra éthéré éthérée
"""

_PHRASES = """
lead acid battery; lead-acid batteries; sealed lead acid battery; lead-acid accumulator; lead-acid accumulators
sel iodé; sal yodada; sal iodado; sale iodato; iodised salt; iodized salt; iodiertes Speisesalz; Jodsalz; sól jodowana
соль йодированная; йодированная соль; garam beryodium; iyotlu tuz; gejodeerd zout
phosphoric acid; Phosphorsäure; acide phosphorique; ácido fosfórico; acido fosforico; kwas fosforowy; fosforzuur
fosfor asit; fosforik asit; ортофосфорная кислота; фосфорная кислота; axit photphoric; axit phosphoric; asam fosfat
phosphorous acid; phosphorige Säure; acide phosphoreux; ácido fosforoso; acido fosforoso; фосфористая кислота
safflower oil; Safloröl; huile de carthame; aceite de cártamo; óleo de cártamo; сафлоровое масло; aspir yağı
sulfurous acid; schweflige Säure; acide sulfureux; ácido sulfuroso; acido solforoso; сернистая кислота
hypochlorous acid; unterchlorige Säure; acide hypochloreux; ácido hipocloroso; хлорноватистая кислота
perchloric acid; Perchlorsäure; acide perchlorique; ácido perclórico; acido perclorico; хлорная кислота
chloric acid; Chlorsäure; acide chlorique; ácido clórico; хлорноватая кислота
hydrobromic acid; Bromwasserstoffsäure; acide bromhydrique; ácido bromhídrico; бромистоводородная кислота
hydrofluoric acid; Flusssäure; acide fluorhydrique; ácido fluorhídrico; плавиковая кислота; hidroflorik asit
benzoic acid; Benzoesäure; acide benzoïque; ácido benzoico; kwas benzoesowy; бензойная кислота; benzoik asit
dimethylamine; Dimethylamin; diméthylamine; dimetilamina; dimetilammina; диметиламин; dimetilamin; dimetylamin
diethylamine; Diethylamin; diéthylamine; dietilamina; dietilammina; диэтиламин; dietilamin; dietylamin
trimethylamine; Trimethylamin; triméthylamine; trimetilamina; trimetilammina; триметиламин; trimetilamin
triethylamine; Triethylamin; triéthylamine; trietilamina; trietilammina; триэтиламин; trietilamin; trietylamin
maleic anhydride; Maleinsäureanhydrid; anhydride maléique; anhídrido maleico; anidride maleica; maleik anhidrit
phthalic anhydride; Phthalsäureanhydrid; anhydride phtalique; anhídrido ftálico; anidride ftalica; ftalik anhidrit
benzyl alcohol; Benzylalkohol; alcool benzylique; alcohol bencílico; alcol benzilico; бензиловый спирт
benzoyl chloride; Benzoylchlorid; chlorure de benzoyle; cloruro de benzoílo; cloruro di benzoile; бензоилхлорид
nitromethane; Nitromethan; nitrométhane; nitrometano; нитрометан; nitrometan
phenylephrine; Phenylephrin; phényléphrine; fenilefrina; фенилэфрин; fenilefrin; fenylefryna
methylergometrine; Methylergometrin; méthylergométrine; metilergometrina; метилэргометрин; metylergometryna
dihydroergotamine; Dihydroergotamin; dihydroergotamine; dihidroergotamina; diidroergotamina; дигидроэрготамин
dihydroergocristine; Dihydroergocristin; dihidroergocristina; diidroergocristina; дигидроэргокристин
nitrogen, phosphorus; nitrogen and phosphorus; phosphorus, potassium; phosphorus and potassium
nitrógeno y fósforo; nitrógeno, fósforo; fósforo y potasio; fósforo, potasio; nitrogênio e fósforo; nitrogénio e fósforo
nitrogênio, fósforo; nitrogénio, fósforo; fósforo e potássio; azote et phosphore
azote, phosphore; phosphore et potassium; phosphorus, and potassium
Stickstoff und Phosphor; Stickstoff, Phosphor; Phosphor und Kalium; azoto e fosforo; azoto, fosforo; fosforo e potassio
азот и фосфор; азот, фосфор; фосфор и калий; азота и фосфора; фосфора и калия; azot i fosfor
azot, fosfor; fosfor i potas
stikstof en fosfor; fosfor en kalium; azot ve fosfor; fosfor ve potasyum; kväve och fosfor; fosfor och kalium
phosphor dot; phosphor screen; phosphor coating; phosphor bronze; phosphor copper; phosphor lamp
methyl ethyl ketone peroxide; peróxido de metiletilcetona; peroxyde de méthyléthylcétone; Methylethylketonperoxid
"""

ORDINARY: dict[str, str] = {
    name_keys(phrase)[0]: phrase.strip()
    for phrase in (*_WORDS.split(), *(each for line in _PHRASES.strip().split("\n") for each in line.split(";")))
}
"""The key of each, with its spelling."""
AS_SPELT = frozenset(map(fold, _WORDS.split()))
"""The words as they are spelt: some have the key of a short listed name."""
MOST_WORDS = 4
"""Words of the longest of them."""
