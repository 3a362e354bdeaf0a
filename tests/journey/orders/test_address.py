import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.orders.address import in_line, is_abroad, missing, read_address


@pytest.mark.parametrize(
    ("text", "street", "postcode", "city"),
    [
        ("12 Rose Lane, 10117 Berlin", "12 Rose Lane", "10117", "Berlin"),
        ("Hauptstr. 5, 1010 Wien", "Hauptstr. 5", "1010", "Wien"),
        (
            "please send it to 7 Park Street, 1012 AB Amsterdam",
            "7 Park Street",
            "1012 AB",
            "Amsterdam",
        ),
        (
            "I live at 9 Elm Row, 1013 AA Amsterdam now, please",
            "9 Elm Row",
            "1013 AA",
            "Amsterdam",
        ),
        (
            "We moved. It's 9 Elm Row, 1013 AA Amsterdam. Can you send it there?",
            "9 Elm Row",
            "1013 AA",
            "Amsterdam",
        ),
        (
            "wrong address, it's 9 Elm Row, 1013 AA Amsterdam instead?",
            "9 Elm Row",
            "1013 AA",
            "Amsterdam",
        ),
        (
            "I need to change the address to Hauptstr. 1, 80331 München",
            "Hauptstr. 1",
            "80331",
            "München",
        ),
        (
            "could you please send it to my new address, it's 12 Rose Lane, 1010 Wien",
            "12 Rose Lane",
            "1010",
            "Wien",
        ),
        ("my address is Rue X 4b, 75001 Paris, France", "Rue X 4b", "75001", "Paris"),
        (
            "Kossuth utca 12-14, Budapest, 1055",
            "Kossuth utca 12-14",
            "1055",
            "Budapest",
        ),
        ("21 Main Road\n80331 München", "21 Main Road", "80331", "München"),
    ],
)
def test_read_address_as_people_write_it(
    text: str, street: str, postcode: str, city: str
) -> None:
    found = read_address(text)
    assert (found["street"], found["postcode"], found["city"]) == (
        street,
        postcode,
        city,
    )
    assert missing(found) == []


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("Berlin", ["street", "postcode", "city"]),
        ("12 Rose Lane", ["postcode", "city"]),
        ("Rose Lane 12, 10117", ["city"]),
        ("yes please", ["street", "postcode", "city"]),
    ],
)
def test_missing_parts_are_named(text: str, lacking: list[str]) -> None:
    assert missing(read_address(text)) == lacking


@given(st.text(max_size=300))
def test_read_address_takes_any_text(text: str) -> None:
    assert isinstance(in_line(read_address(text)), str)


@pytest.mark.parametrize(
    ("text", "abroad"),
    [
        ("10 Downing Street, London SW1A 2AA", True),
        ("1 Main Street, Austin TX 78701", True),
        ("7 Park Street, 1012 AB Amsterdam", False),
        ("Hauptstr. 5, A-1010 Wien", False),
    ],
)
def test_postcode_from_abroad_is_known(text: str, abroad: bool) -> None:
    assert is_abroad(text) is abroad
