from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.history.lines import Line
from journey.history.orders import SITE, Shelf, import_orders
from journey.history.staging import Staging
from journey.learning.state import read_state, rebuild
from journey.people.consent import Purpose, record_consent
from journey.store.tables import Event, Identity, LearnedTaste, Order, Product
from tests.factories import make_product

START = datetime(2026, 1, 1, tzinfo=UTC)


def line(number: int, customer: str, product: str, day: int, order: str = "") -> Line:
    at = START + timedelta(days=day)
    price = Decimal("4.50")
    return Line(number, customer, product, "drinks", 1, price, at, order or str(at))


HISTORY = [
    line(2, "anna", "tea", 0),
    line(3, "anna", "milk", 0),
    line(4, "bert", "tea", 3),
    line(5, "anna", "tea", 14),
    line(6, "anna", "tea", 30),
    line(7, "bert", "milk", 31),
    line(8, "bert", "tea", 40),
]


def grouped(folder: Path, lines: list[Line]) -> list[list[Line]]:
    staging = Staging(folder / "staging")
    staging.fill(lines)
    found = list(staging.orders())
    staging.close(finished=True)
    return found


def put(session: Session, folder: Path, lines: list[Line], size: int = 2) -> int:
    orders, shelf, new = grouped(folder, lines), Shelf.of(session), 0
    for start in range(0, len(orders), size):
        new += import_orders(session, orders[start : start + size], shelf)
    return new


@pytest.mark.parametrize("size", [1, 2, 100])
def test_sums_are_those_of_a_replay_of_the_log(
    session: Session, tmp_path: Path, size: int
) -> None:
    make_product(session, id="tea-1", name="tea")
    assert put(session, tmp_path, HISTORY, size) == 6
    learned = read_state(session)
    rebuild(session)
    assert read_state(session) == learned
    assert learned["learned_gaps"][("tea-1",)]["count"] == 3


def test_same_table_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    put(session, tmp_path, HISTORY)
    learned = read_state(session)
    assert put(session, tmp_path, [*HISTORY, line(9, "anna", "tea", 50)]) == 1
    assert put(session, tmp_path, HISTORY) == 0
    assert session.scalar(select(func.count()).select_from(Order)) == 7
    assert learned != read_state(session)


def test_lines_of_an_order_need_not_stand_together(
    session: Session, tmp_path: Path
) -> None:
    put(session, tmp_path, [*HISTORY[::-1]])
    first = session.scalars(select(Event).order_by(Event.number)).first()
    assert first is not None
    assert [x["product"] for x in first.payload["items"]] == ["tea", "milk"]


def test_customer_is_the_one_whom_the_site_signs_in(
    session: Session, tmp_path: Path
) -> None:
    put(session, tmp_path, HISTORY)
    rows = session.execute(select(Identity.channel, Identity.external_id)).all()
    assert {tuple(row) for row in rows} == {(SITE, "anna"), (SITE, "bert")}


def test_unknown_product_is_kept_and_not_sold(session: Session, tmp_path: Path) -> None:
    put(session, tmp_path, HISTORY)
    tea = session.get_one(Product, "tea")
    assert (tea.active, tea.category, tea.stock) == (False, "drinks", 0)


def test_nothing_is_learned_of_who_does_not_want_it(
    session: Session, tmp_path: Path
) -> None:
    put(session, tmp_path, HISTORY[:1])
    anna = session.scalars(select(Identity.customer_id)).one()
    record_consent(
        session,
        anna,
        Purpose.LEARNING,
        False,
        text="no",
        source="test",
        now=START + timedelta(days=1),
    )
    put(session, tmp_path, HISTORY)
    taste = session.get_one(LearnedTaste, (anna, "tea"))
    session.refresh(taste)
    assert taste.ordered == 1
    learned = read_state(session)
    rebuild(session)
    assert read_state(session) == learned


def test_staging_goes_on_where_it_was(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging")
    staging.fill(HISTORY)
    staging.advance(2)
    staging.close(finished=False)
    again = Staging(tmp_path / "staging")
    assert (again.whole, again.done, again.count()) == (True, 2, 6)
    again.close(finished=True)
    assert list(tmp_path.iterdir()) == []
