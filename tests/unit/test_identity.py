"""Identity: addresses written in one way, keys that stay, hashes that notice change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.identity import canonical_url, content_hash, signal_id
from crawler.items import JobAdvert, Organisation


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://Example.ORG:443/a#top", "https://example.org/a"),
        ("http://example.org", "http://example.org/"),
        ("https://example.org/a?utm_source=x&b=2&a=1", "https://example.org/a?a=1&b=2"),
        ("https://example.org/straße", "https://example.org/stra%C3%9Fe"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
    ],
)
def test_addresses_have_one_form(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical


@given(
    st.from_regex(
        r"https?://[a-z]{1,8}\.org(/[a-zäß%20]{0,8}){0,3}(\?[a-z]=[a-z0-9]{0,4}(&[a-z]=[a-z]{0,3})?)?",
        fullmatch=True,
    )
)
def test_canonical_form_is_stable(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_native_id_outlives_a_new_address() -> None:
    assert signal_id("at-city", "7", "https://a.example/1") == signal_id(
        "at-city", "7", "https://a.example/2"
    )


def test_same_native_id_at_two_sources_is_two_signals() -> None:
    assert signal_id("at-city", "7", None) != signal_id("de-city", "7", None)


def test_a_signal_without_identity_is_refused() -> None:
    with pytest.raises(ValueError, match="native id or an address"):
        signal_id("at-city", None, None)


def test_hash_ignores_what_the_pipeline_derives_and_sees_content() -> None:
    def advert(**values: object) -> JobAdvert:
        return JobAdvert(
            source="s", family="jobs", title="Editor", organisation=Organisation(name="A"), **values
        )  # type: ignore[arg-type]

    assert content_hash(advert(evidence=["x"], cluster_id="c")) == content_hash(advert())
    assert content_hash(advert(text="new")) != content_hash(advert())
