"""Mask e-mail addresses and phone numbers before anything is stored.

A cheap pattern finds runs of digits, rules decide; `phonenumbers.PhoneNumberMatcher` costs milliseconds
per text and needs a country. Kept: years, dates, times, amounts, postcodes, company and reference numbers.
"""

import re

__all__ = ["mask"]

EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}\s?(?:@|＠)\s?(?:[^\W_](?:[\w-]{0,62}\.))+[^\W\d_]{2,24}"
    r"|[\w.+-]{1,64}\s?(?:\[at\]|\(at\)|\{at\}|\[@\]|\(@\))\s?[\w-]{1,63}(?:\s?(?:\.|\[dot\]|\(dot\))\s?[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
MASKED_AT = re.compile(r"[\[({](?:at|@)[\])}]", re.IGNORECASE)
CANDIDATE = re.compile(r"(?<![\w.,])(?:\+\s?|\(\+?)?\d(?:[\d \u00a0\u202f().\-–/]{4,24})\d(?![\w])")
CUE = re.compile(
    r"(?:\b(?:tel|tél|telef\w*|phone|fon|telefon\w*|teléf\w*|mobil\w*|mob|móvil|cell|gsm|fax|faks|call|ring|ruf|tlf|"
    r"puh|puhelin\w*|tālr\w*|zvan\w*|тел|телефон\w*|τηλ\w*|whatsapp|hotline|komórk\w*|kom)\b\W{0,6}(?:\w{2,10}\W{1,4})?)$",
    re.IGNORECASE,
)
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
NEXT_CONTACT = re.compile(r"\W{0,3}\[(?:email|phone)\]")
AFTER_PHONE = re.compile(r"\[phone\]\W{1,3}$")
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
    core = found.strip(" ().-–/\u00a0\u202f")
    digits = re.sub(r"\D", "", found)
    if not 7 <= len(digits) <= 15 or DATE.search(found):
        return found
    before, after = (
        match.string[max(0, match.start() - 30) : match.start()],
        match.string[match.end() : match.end() + 6],
    )
    if CLOCKS.fullmatch(core):
        return found
    if MONEY_BEFORE.search(before) or MONEY_AFTER.match(after):
        return found
    beside_contact = BARE.fullmatch(core) and (
        NEXT_CONTACT.match(match.string, match.end()) or AFTER_PHONE.search(before)
    )
    international = found.lstrip("( ").startswith("+") or re.match(r"00[1-9]\d[ \d(/-]{7,}", core)
    if (
        international
        or beside_contact
        or CUE.search(before)
        or GROUPED.fullmatch(core)
        or GROUPED.fullmatch(found.strip())
    ):
        return "[phone]" + (" " if found[-1:].isspace() else "")
    return found
