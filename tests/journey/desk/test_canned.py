from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from journey.datafile import DataError
from journey.desk import canned
from journey.language.words import load_languages
from tests.factories import make_customer, make_order

ENGLISH = load_languages(Path("data/language"))["en"]


def write(folder: Path, text: str) -> Path:
    path = folder / "replies.yml"
    path.write_text(text)
    return path


def test_the_shops_own_replies_load() -> None:
    assert {reply.id for reply in canned.load_replies(Path("data/replies.yml"))} >= {
        "hello",
        "thanks",
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hello {nmae}", "{nmae} is no place; there are agent, customer,"),
        ("hello {customer", "expected '}' before end of string"),
        ("", "at least 1 character"),
    ],
)
def test_fault_names_file_line_and_field(tmp_path: Path, text: str, fault: str) -> None:
    path = write(tmp_path, f'- id: hello\n  title: "Hello"\n  text: "{text}"\n')
    with pytest.raises(DataError) as error:
        canned.load_replies(path)
    assert error.value.faults[0].startswith(f"{path}:3: 0.text: ")
    assert fault in error.value.faults[0]


def test_an_id_stands_there_once(tmp_path: Path) -> None:
    path = write(tmp_path, "- {id: a, title: A, text: a}\n- {id: a, title: B, text: b}")
    with pytest.raises(DataError, match=r":2: id: a is there twice"):
        canned.load_replies(path)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {customer}, {agent} here.", "Hello Ada, Bo here."),
        ("Order {order}", "Order {order}"),
        ("Order {order|of yours}", "Order of yours"),
        ("{customer} and {customer|you}", "Ada and Ada"),
        ("no place", "no place"),
    ],
)
def test_fills_what_is_known(text: str, filled: str) -> None:
    assert canned.fill(text, {"customer": "Ada", "agent": "Bo"}) == filled


def test_open_place_is_not_sent() -> None:
    with pytest.raises(canned.Unfilled, match=r"{order} is still"):
        canned.check_filled("Your order {order} is on its way.")
    canned.check_filled("a {brace} of your own")


def test_values_are_those_of_the_last_order(session: Session) -> None:
    ada = make_customer(session, name="Ada")
    for once in ("1", "2"):
        order = make_order(session, customer=ada, once=once)
    values = canned.values_for(
        session, ada.id, agent="Bo", shop="Hale", language=ENGLISH
    )
    assert values["order"] == str(order.number)
    assert values["delivery"] == ENGLISH.day(order.deliver_by)
    assert (values["customer"], values["agent"]) == ("Ada", "Bo")


def test_unknown_values_are_left_out(session: Session) -> None:
    who = make_customer(session).id
    values = canned.values_for(session, who, agent="Bo", shop="Hale", language=ENGLISH)
    assert values == {"agent": "Bo", "shop": "Hale"}
