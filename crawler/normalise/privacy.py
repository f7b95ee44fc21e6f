"""Mask e-mail addresses and phone numbers before anything is stored.

A cheap pattern finds runs of digits, rules decide; `phonenumbers.PhoneNumberMatcher` costs milliseconds
per text and needs a country. Kept: years, dates, times, amounts, postcodes, company and reference numbers.
"""

import re
import unicodedata

__all__ = ["mask"]

EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~\\-]{1,64}\s?(?:@|＠)\s?(?:[^\W_](?:(?:\\?[\w-]){0,62}\\?\.))+[^\W\d_]{2,24}"
    r"|[\w.+-]{1,64}\s?(?:\[at\]|\(at\)|\{at\}|\[@\]|\(@\))\s?[\w-]{1,63}(?:\s?(?:\.|\[dot\]|\(dot\))\s?[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
MASKED_AT = re.compile(r"[\[({](?:at|@)[\])}]", re.IGNORECASE)
CANDIDATE = re.compile(
    r"(?<![\w,])(?:(?<!\.)|(?<=[^\W\d]\.))(?:\+\s?|\(\+?)?\d(?:[\d \n\u00a0\u202f().\\\-–/]{4,24})\d(?![\w])"
)
"""Runs of digits; one glued to a full stop only after a letter ("tālr.26149889", not "47.1519285")."""
CUE = re.compile(
    r"(?:\b(?:tel|tél|telef\w*|phone|fon|telefon\w*|teléf\w*|mobil\w*|mob|móvil|cell|gsm|fax|faks|call|ring|ruf|tlf|"
    r"bel|puh|puhelin\w*|tālr\w*|zvan\w*|тел|телефон\w*|τηλ\w*|whatsapp|hotline|komórk\w*|kom)\b\W{0,6}"
    r"(?:\w{2,14}\W{1,4}){0,2}|(?<![\w'’])t\.\s?)$",
    re.IGNORECASE,
)
CONTACT = re.compile(r"\b(?:kontakt|contact|informācij|uzziņ|tālr)\w*|\[(?:email|phone)\]", re.IGNORECASE)
"""Words that a number without any form of its own may follow at some distance."""
REGISTER = re.compile(
    r"\b(?:nr|no|num\w*|id|ref\w*|reg|reģ\w*|kod\w*|code|cif|nif|nip|regon|krs|cpv|vat|pvn|iban|kont\w?|account|"
    r"job|vacancy|offer\w*|klasa|urbroj)\b[^\w\[]{0,4}$|\bcpv\b|[/=@]$",
    re.IGNORECASE,
)
"""What makes a bare number the number of something else."""
DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d)(?!\d)"
)
CLOCKS = re.compile(r"[0-2]?\d[.: ]?[0-5]\d\s?[-–]\s?[0-2]?\d[.: ]?[0-5]\d")
GROUPED = re.compile(
    r"\(?0\d{1,4}\)?[ \u00a0./-]{1,3}\d{2,4}(?:[ \u00a0.-]?\d{2,4}){1,4}"  # 0171 123 45 67, (030) 1234-567
    r"|0[1-9](?:[ \u00a0.-]\d{2}){4}"  # FR
    r"|\d{2}(?:[ \u00a0]\d{2}){3}"  # NO, DK: 48 13 51 63
    r"|\d{3}[ \u00a0]\d{2}[ \u00a0]\d{3}"  # NO mobile
    r"|\d{2,4}/\s?\d{3}-\s?\d{3,4}|0\d{3}/\s?\d{3}-?\s?\d{3,4}"  # HR, HU: 70/953-5082
    r"|0\d{1,2}[-/ ]?\d{1,2}/\s?\d{3}-?\s?\d{3,4}"  # HU: 06-70/646-8892, 06/30/947-5813
    r"|\(\d{3}\) ?\d{3}[- .]\d{4}|\d{3}[-.]\d{3}[-.]\d{4}"  # US
    r"|0[1-9]\d{8,9}"  # FR, GB, HU mobiles written together
)
BARE = re.compile(r"[2-9]\d{7,8}")
ESCAPED = re.compile(r"\\([-.()])")
"""Markdown escapes: 040\\-214 26 16."""
NEAR, FAR = 40, 60
"""Characters looked back for a cue right before, and for a contact somewhere before."""
NEXT_CONTACT = re.compile(r"\W{0,3}\[(?:email|phone)\]")
DIGIT = re.compile(r"\d")
SHORTEST, LONGEST = 7, 15
"""Digits of a phone number (ITU-T E.164 allows fifteen)."""
MONEY_AFTER = re.compile(
    r"\s*(?:€|£|\$|eur|euro|kr|sek|nok|dkk|zł|pln|kč|czk|ft\b|huf|lei|ron|лв|chf|usd|gbp|%)", re.IGNORECASE
)
MONEY_BEFORE = re.compile(r"(?:€|£|\$|eur|euro|chf|usd|gbp|sek|nok|dkk|pln)\s*$", re.IGNORECASE)


def mask(text: str) -> str:
    """Replace e-mail addresses by `[email]` and phone numbers by `[phone]`. Idempotent.

    Repeated until nothing changes: what stands beside a masked number can become readable as one. Every
    round removes an `@` sign or digits, so it ends.
    """
    while (masked := _once(text)) != text:
        text = masked
    return text


def _once(text: str) -> str:
    if "@" in text or "＠" in text or MASKED_AT.search(text):
        text = EMAIL.sub("[email]", text)
    return CANDIDATE.sub(_phone, text) if any(char.isdigit() for char in text) else text


def _phone(match: re.Match[str]) -> str:
    found = match[0]
    if "/" in found and len(DIGIT.findall(found)) > LONGEST:  # two numbers: 76 11 66 41/ 416 14 193
        parts = [p for p in found.split("/") if p.strip()]
        return "/".join("[phone]" if GROUPED.fullmatch(p.strip()) else p for p in parts)
    plain = ESCAPED.sub(r"\1", found)
    core = " ".join(plain.strip(" ().-–/\n\u00a0\u202f").split("\n"))
    if not SHORTEST <= len(DIGIT.findall(found)) <= LONGEST or DATE.search(found) or CLOCKS.fullmatch(core):
        return found
    before = unicodedata.normalize("NFC", match.string[max(0, match.start() - FAR) : match.start()])
    if MONEY_BEFORE.search(before) or MONEY_AFTER.match(match.string, match.end(), match.end() + 6):
        return found
    glued = before[-1:] == "."  # a section or project number, unless a cue stands before
    shaped = not glued and (GROUPED.fullmatch(core) or GROUPED.fullmatch(plain.strip()))
    if (
        shaped
        or _international(plain, core)
        or CUE.search(before[-NEAR:])
        or _beside_contact(match, core, before)
    ):
        return "[phone]" + (" " if found[-1:].isspace() else "")
    return found


def _international(found: str, core: str) -> bool:
    return found.lstrip("( ").startswith("+") or bool(re.match(r"00[1-9]\d[ \d(/-]{7,}", core))


def _beside_contact(match: re.Match[str], core: str, before: str) -> bool:
    """Whether a run of eight or nine digits stands with an address, a number or a word for contact."""
    if not BARE.fullmatch(core) or REGISTER.search(before):
        return False
    return bool(CONTACT.search(before) or NEXT_CONTACT.match(match.string, match.end()))
