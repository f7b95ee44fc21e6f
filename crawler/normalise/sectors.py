"""Sector of an organisation by transparent rules over its name.

The first rule that matches decides, in the order academic, public, civil society, private: a "University
Hospital Trust Ltd" is academic, a "Ministry" with "GmbH" in its agency's name is public. Names that no rule knows
stay without a sector. The words are general knowledge of legal forms and public bodies in Europe.
"""

import re

from classifiers.fold import fold

__all__ = ["RULES", "sector_of"]

WORDS: dict[str, dict[str, str]] = {
    "academic": {
        "en": r"universit(?:y|ies)|college|academy of sciences|research institute|school of",
        "de": r"universitat\w*|hochschule\w*|fachhochschule|fraunhofer\w*|max planck\w*|helmholtz\w*",
        "fr": r"universite\w*|ecole (?:normale|polytechnique|superieure)|cnrs|inria",
        "romance": r"universidad\w*|universidade|universita|universitatea|universitat|politecnico|politecnica|csic|cnr",
        "nordic": r"universitet\w*|hogskola\w*|hogskole\w*|hojskole\w*|yliopisto|ammattikorkeakoulu|haskoli\w*",
        "dutch": r"universiteit\w*|hogeschool\w*",
        "slavic": r"univerzita|univerzitet\w*|univerza|sveuciliste\w*|uniwersytet\w*|politechnika|университет\w*",
        "baltic": r"universitetas|universitate|ulikool\w*|augstskola|kolegija",
        "other": r"egyetem\w*|foiskola|πανεπιστημι\w*|ollscoil",
    },
    "public": {
        "en": r"ministry|municipality|(?:city|county|borough|district) council|government|department (?:of|for)|"
        r"nhs|public health|national agency|european commission|parliament|civil service|police|city of",
        "de": r"ministerium|\w*ministerium|stadt|gemeinde|landkreis|landratsamt|bundes(?:amt|agentur|anstalt)\w*|"
        r"stadtverwaltung|bezirksamt|behorde",
        "fr": r"ministere|mairie|ville de|commune de|departement d\w*|region|prefecture|conseil (?:general|regional|"
        r"departemental)|metropole|beta\.gouv\.fr|direction interministerielle",
        "romance": r"ministerio|ayuntamiento|gobierno|diputacion|ministero|comune di|regione|provincia di|"
        r"presidenza del consiglio|camara municipal|municipio|ministerul|primaria|consiliul|team per la trasformazione",
        "nordic": r"kommune|kommun|fylkeskommune|departementet|direktorat\w*|myndighet\w*|styrelsen|ministeriet|"
        r"kaupunki|kunta|ministerio|virasto|regering\w*|stortinget|nav",
        "dutch": r"gemeente|ministerie|provincie|rijks\w*|overheid",
        "slavic": r"ministerstvo|ministerstwo|ministarstvo|urzad|powiatowy|gmina|obec|mesto|mestsky urad|opcina|grad|"
        r"obcina|министерство|община|агенция",
        "baltic": r"ministerija|savivaldybe\w*|dome|pasvaldiba|vald|linnavalitsus|ministeerium|amet",
        "other": r"onkormanyzat\w*|miniszterium\w*|hivatal\w*|υπουργει\w*|δημος|ministeru|comhairle",
    },
    "civil-society": {
        "en": r"foundation|charity|charitable|association|ngo|non-?profit|community interest company|cic|trust|"
        r"co-?operative|society|red cross|caritas|federation",
        "de": r"e\. ?v\.?|verein|stiftung|ggmbh|genossenschaft|diakonie\w*|\w*verband",
        "fr": r"association|fondation|cooperative|scic|ong|croix-rouge|federation",
        "romance": r"asociacion|fundacion\w*|fundacio|cooperativa|associazione|fondazione|onlus|aps|associacao|"
        r"fundacao|asociatia|fundatia",
        "nordic": r"stiftelse\w*|forening\w*|saatio\w*|yhdistys|ry|ideell\w*|frivillig\w*|rode kors|roda korset",
        "dutch": r"stichting|vereniging|vzw|cooperatie|asbl",
        "slavic": r"fundacja|stowarzyszenie|spolek|z\. ?s\.|nadace|nadacia|obcianske zdruzenie|udruga|zaklada|drustvo|"
        r"фондация|сдружение",
        "baltic": r"asociacija|fondas|vsi|biedriba|nodibinajums|mtu|sihtasutus",
        "other": r"alapitvany\w*|egyesulet\w*|ιδρυμα|συλλογος|fondazzjoni|ghaqda",
    },
    "private": {
        "en": r"ltd|limited|plc|inc|llc|llp|corp|corporation|company|consulting",
        "de": r"gmbh|ag|kg|ohg|ug|kgaa",
        "fr": r"sarl|sas|sasu|eurl|s\.a\.s\.?",
        "romance": r"s\.?l\.?u?|s\.?a\.?|s\.?r\.?l\.?|s\.?p\.?a\.?|lda|unipessoal",
        "nordic": r"ab|aps|a/s|as$|asa|oy|oyj|ehf|hf",
        "dutch": r"b\.?v\.?|n\.?v\.?|bvba",
        "slavic": r"sp\. ?z ?o\.? ?o\.?|s\. ?r\. ?o\.?|a\. ?s\.|d\. ?o\. ?o\.?|j\. ?d\. ?o\. ?o\.?|"
        r"еоод|оод|ад$|spolka (?:z o|akc)\w*",
        "baltic": r"uab|sia|^(?:ou|as|mb)|(?:ou|as|mb)$|sabiedriba ar ierobezotu atbildibu",
        "other": r"korlatolt felelossegu tarsasag|kft\.?|zrt\.?|nyrt\.?|bt\.?|επε|αε|ικε",
    },
}
"""Sector -> group of languages -> pattern over the folded name."""

RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (sector, f"{sector}:{group}", re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"))
    for sector, groups in WORDS.items()
    for group, pattern in groups.items()
)


def sector_of(name: str | None) -> tuple[str | None, str | None]:
    """Find the sector of an organisation.

    Returns:
        Sector and the rule that decided, with the words it saw (`public:de "stadt"`); two Nones where
        no rule matches.
    """
    folded = fold(name or "")[:300]
    for sector, rule, pattern in RULES:
        found = pattern.search(folded)
        if found:
            return sector, f'{rule} "{found[0]}"'
    return None, None
