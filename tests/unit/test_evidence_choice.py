"""Which signals stand on the page for the numbers."""

from hypothesis import given
from hypothesis import strategies as st

from indicators.evidence import choose


def signal(number, place="DE", kind="dataset", month="2026-01", grade="core", **labels):
    return {
        "id": str(number), "date": f"{month}-01", "place": place, "kind": kind, "grade": grade,
        "areas": labels.get("areas", []), "trends": [], "technologies": labels.get("technologies", []),
    }  # fmt: skip


def test_the_only_signal_of_a_country_is_taken_before_a_second_one_of_another():
    crowd = [signal(number) for number in range(50)]
    chosen = choose([*crowd, signal("lone", place="MT")], most=2)
    assert [row["id"] for row in chosen] == ["0", "lone"]


def test_the_only_signal_of_a_label_is_taken():
    chosen = choose([*[signal(number) for number in range(9)], signal("rare", areas=["Science"])], most=2)
    assert "rare" in {row["id"] for row in chosen}


def test_what_is_left_is_filled_with_the_latest():
    chosen = choose([signal(number) for number in range(9)], most=4)
    assert [row["id"] for row in chosen] == ["0", "1", "2", "3"]


signals = st.lists(
    st.builds(
        signal,
        st.integers(),
        st.sampled_from("ABC"),
        st.sampled_from("xy"),
        st.sampled_from(["2026-01", "2026-02"]),
    )
)


@given(signals, st.integers(0, 12))
def test_the_choice_is_bounded_ordered_and_part_of_what_there_is(rows, most):
    chosen = choose(rows, most)
    assert len(chosen) == min(most, len(rows))
    places = [next(at for at, row in enumerate(rows) if row is entry) for entry in chosen]
    assert places == sorted(set(places))


@given(signals)
def test_every_country_kind_and_month_is_reached_where_there_is_room(rows):
    def cells(found):
        return {(row["place"], row["kind"], row["date"]) for row in found}

    assert cells(choose(rows, max(len(rows) // 2, len(cells(rows))))) == cells(rows)
