"""Decide what two signals are to each other: the same thing, two of a series, or neither. Pure functions.

Near-identical text alone never makes two signals the same: it is usually a template. What differs is looked
at first (`conflicts`), then what speaks for one thing published twice (`evidence`); `exceptions` names the
few differences that a re-publication explains.
"""

from typing import NamedTuple

from crawler.dedup.compare import ADVERT, DATASET, MONEY, Pair, compare, levels_differ, telling
from crawler.dedup.names import bodies
from crawler.dedup.record import Record
from crawler.dedup.titles import read_title

__all__ = ["OTHER_TITLE", "TEMPLATE", "Relation", "opposed", "relate"]

EQUAL, NEARLY, NEAR, CLOSE, ALMOST, MOST = 0.985, 0.93, 0.9, 0.85, 0.75, 0.7
TEMPLATE, LIKELY, PART = 0.6, 0.5, 0.4
"""Jaccard of word 3-grams: from equal texts (one hash of 128 may differ) over edited ones down to a part."""
ECHO_DAYS, REPOST_DAYS, ROUND_DAYS = 60, 150, 400
"""Boards copy each other within weeks, a vacancy is listed again within months, notices of one procurement follow each
other within a year."""
SHORT = 60
"""Words; a card or teaser of a longer text."""
LONG_TITLE = 5
"""Words of a title that hardly two procurements of one buyer share within a year."""
NUMBERS, MONTHS, TITLE = "numbers in the title differ", "months in the title differ", "title words differ"
REQUISITION, REFERENCE, RECIPIENT = "requisition differs", "reference differs", "recipient differs"
MONTHS_APART, YEARS_APART = "published months apart", "published more than a year apart"
AMOUNT, DAY, PLACE, BODY = "amount differs", "award date differs", "place differs", "organisation differs"


class Relation(NamedTuple):
    """What two records are to each other, and why."""

    kind: str | None
    reason: str


OTHER_TITLE = Relation("series", f"same template; {TITLE}")


def stages(a: Record, b: Record) -> bool:
    """Whether two records may be stages of one procurement: only one names who won, or their kinds differ."""
    return bool(a.recipient) != bool(b.recipient) or a.kind != b.kind


def awarded_after(a: Record, b: Record) -> bool:
    """Whether one names who won and was published after the other, which does not."""
    call, award = (b, a) if a.recipient else (a, b)
    return bool(award.recipient and not call.recipient and call.day and award.day and award.day >= call.day)


def conflicts(pair: Pair) -> list[str]:
    """Everything that tells the two apart as instances."""
    a, b, money = pair.a, pair.b, pair.nature == MONEY
    left, right = read_title(a.title, advert=pair.advert), read_title(b.title, advert=pair.advert)
    found = []
    one_sided = not (left.numbers - right.numbers and right.numbers - left.numbers)
    if left.numbers != right.numbers and not (pair.advert and one_sided):
        found.append(NUMBERS)  # an advert may carry a reference number on one board only
    if left.months != right.months:
        found.append(MONTHS)
    if left.languages != right.languages and not translated(pair):
        named = {
            c for n in (a.organisation, b.organisation) for c in read_title(n or "", advert=False).languages
        }
        if left.languages - named != right.languages - named:
            found.append("role language differs")
    if a.requisition and b.requisition and a.requisition.casefold() != b.requisition.casefold():
        found.append(REQUISITION)
    if bodies(a.recipient, b.recipient) in {"differ", "related"}:
        found.append(RECIPIENT)
    sums = a.amount is not None and b.amount is not None and (a.amount, a.currency) != (b.amount, b.currency)
    if money and sums and not stages(a, b):
        found.append(AMOUNT)
    if a.kind == b.kind == "award" and pair.gap:
        found.append(DAY)
    given = a.references_given and b.references_given and not a.references_given & b.references_given
    if money and given and not pair.boards:  # each portal numbers the calls of others anew
        found.append(REFERENCE)
    if pair.place == "differ":
        found.append(PLACE)
    one_page = bool(a.page and a.page == b.page)
    catalogue = (one_page and not pair.advert) or (pair.nature == DATASET and pair.alike >= CLOSE)
    if pair.body in {"differ", "related"} and not catalogue:
        found.append(BODY)  # a harvested dataset may name the catalogue as its publisher
    if pair.title not in {"equal", "labelled"}:
        found.append(TITLE)
    return found + apart(pair)


def apart(pair: Pair) -> list[str]:
    """What time and the board say: listed side by side, or too long ago to be the same vacancy or round."""
    a, b, advert, money = pair.a, pair.b, pair.nature in {ADVERT, ""}, pair.nature == MONEY
    found = []
    if advert and pair.gap is not None and pair.gap > REPOST_DAYS and not (a.page and a.page == b.page):
        found.append(MONTHS_APART)
    if money and pair.gap is not None and pair.gap > ROUND_DAYS:
        found.append(YEARS_APART)
    if pair.boards or pair.alike >= EQUAL:
        return found
    if advert and a.references & ~b.references and b.references & ~a.references:
        found.append("dates or reference numbers in the text differ")
    if pair.boards is None:
        return found
    planned = a.amount is not None and a.amount == b.amount
    if (
        money
        and not stages(a, b)
        and not a.recipient
        and not planned
        and a.page != b.page
        and pair.alike < NEARLY
    ):
        found.append("listed apart on one portal")
    return found


def explained(pair: Pair, differences: list[str]) -> str | None:
    """Why the differences found do not tell the two apart; None if they do."""
    a, b = pair.a, pair.b
    if differences == [TITLE] and a.page and a.page == b.page and translated(pair):
        numbers = read_title(a.title, advert=pair.advert).numbers
        one_day = pair.gap == 0 and pair.body == "equal" and bool(numbers)
        return "one address in two languages" if one_day or a.page_language != b.page_language else None
    if a.language and b.language and a.language != b.language:
        return None
    same_text = pair.alike >= EQUAL or pair.cut or (pair.title == "within" and pair.alike >= CLOSE)
    if (
        differences == [TITLE] and pair.advert and pair.boards and same_text
        and pair.title in {"within", "overlap"} and pair.body in {"equal", "agree"}
        and not levels_differ(a, b, advert=True)
    ):  # fmt: skip
        return "same text and employer on another board under another title"
    if set(differences) <= {TITLE, NUMBERS, BODY} and echoed(pair):
        return "same text on another board; title and employer tell nothing apart"
    if (
        differences == [BODY] and pair.advert and pair.title == "equal" and pair.alike >= NEAR
        and pair.place in {"equal", "agree"} and (pair.body == "related" or pair.boards)
    ):  # fmt: skip
        return "same title, text and place; employer named differently"
    if (
        REFERENCE in differences and set(differences) <= {REFERENCE, BODY} and pair.body != "differ"
        and pair.title == "equal" and pair.alike >= EQUAL and a.amount is not None and a.amount == b.amount
    ):  # fmt: skip
        return "same call under two references"
    return None


def echoed(pair: Pair) -> bool:
    """Whether another board soon shows the same text, under a title that tells nothing apart."""
    a, b = pair.a, pair.b
    if not pair.boards or pair.place == "differ" or (pair.gap is not None and pair.gap > ECHO_DAYS):
        return False
    left, right = (read_title(record.title, advert=pair.advert).numbers for record in (a, b))
    if (left - right and right - left) or telling(a, b, advert=pair.advert):
        return False
    near = pair.alike >= CLOSE or (pair.alike >= ALMOST and pair.inside >= NEARLY)
    if pair.body in {"equal", "agree"}:
        return near or (pair.alike >= MOST and pair.inside >= CLOSE and pair.title is not None)
    return near and pair.title is not None and pair.body in {"related", "unknown"}


def translated(pair: Pair) -> bool:
    """Whether the two are in different languages by their text or by their address."""
    a, b = pair.a, pair.b
    return bool(a.language and b.language and a.language != b.language) or bool(
        a.page_language and b.page_language and a.page_language != b.page_language
    )


def evidence(pair: Pair) -> str | None:
    """What makes two records without a difference that matters the same thing; None if too little does."""
    a, b = pair.a, pair.b
    known = pair.body in {"equal", "agree"}
    if a.identifiers & b.identifiers:
        return "shared identifier"
    if a.requisition and b.requisition and known:
        return "same requisition and organisation"
    if translated(pair):
        if a.page and a.page == b.page:
            return "one address in two languages"
        if known and pair.place == "equal" and pair.gap == 0 and pair.title == "equal":
            return "same title, organisation, place and day in another language"
        return None
    if a.page and a.page == b.page and (pair.alike >= LIKELY or min(a.size, b.size) < SHORT):
        return "same address and title"
    if a.exact and a.exact == b.exact and (a.minhash or (known and a.kind != "award")):
        return "same title and text"
    if pair.alike >= CLOSE:
        return "same text; titles agree"
    return _partly(pair) if known else None


def _partly(pair: Pair) -> str | None:
    """The same where title and organisation agree and a good part of the text does."""
    a, b = pair.a, pair.b
    if pair.nature == MONEY:
        open_sum = a.amount is None or b.amount is None
        follows = stages(a, b) or a.amount == b.amount or bool(a.recipient and open_sum)
        won = awarded_after(a, b) and len(read_title(a.title, advert=False).role) >= LONG_TITLE
        if follows and (pair.inside >= CLOSE or pair.alike >= MOST or (won and pair.inside >= PART)):
            return "title and organisation agree; another stage of one procedure"
        return None
    if pair.cut:
        return "title and organisation agree; one text is a part of the other"
    beside = pair.boards is False and not pair.gap and pair.nature != DATASET
    if (
        pair.alike >= (LIKELY if pair.boards else MOST) and not beside
    ):  # two texts on one day are two vacancies
        return "title and organisation agree; most of the text too"
    if pair.boards and pair.inside >= CLOSE:
        return "title and organisation agree on two boards; one text is a part of the other"
    return None


def relate(a: Record, b: Record, alike: float | None = None) -> Relation:
    """Decide from all evidence together; symmetric in its arguments.

    `alike` is the estimated similarity of the texts where it is known already.
    """
    if a.group != b.group or a.id == b.id:
        return Relation(None, "not comparable")
    pair = compare(a, b, alike)
    differences = conflicts(pair)
    if not differences:
        reason = evidence(pair)
        if reason:
            return Relation("same", reason)
        return (
            Relation("series", "same template")
            if pair.alike >= TEMPLATE
            else Relation(None, "too little evidence")
        )
    if reason := explained(pair, differences):
        return Relation("same", reason)
    if pair.alike >= TEMPLATE:
        return Relation("series", f"same template; {differences[0]}")
    return Relation(None, differences[0])


def opposed(a: Record, b: Record) -> bool:
    """Whether two records differ in something that no third one can explain away; time alone does not."""
    pair = compare(a, b)
    differences = conflicts(pair)
    passing = {MONTHS_APART, YEARS_APART} | ({TITLE, BODY} if translated(pair) else set())
    passing |= set() if a.title and b.title else {TITLE}  # forgotten, as its terms ask: no difference
    return bool(set(differences) - passing) and explained(pair, differences) is None
