import pytest
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.mandates.obstacles import takes_place
from tests.factories import make_product


@pytest.mark.parametrize(
    ("other", "takes"),
    [
        ({"filter_size": "no-4", "unbleached": True}, True),
        ({"filter_size": "no-2"}, False),
        ({}, False),
    ],
)
def test_what_does_not_fit_takes_no_place(
    session: Session, knowledge: Knowledge, other: dict[str, object], takes: bool
) -> None:
    wanted = make_product(session, attributes={"filter_size": "no-4", "pieces": 100})
    found = make_product(session, attributes=other)
    assert takes_place(wanted, found, knowledge) is takes


@pytest.mark.parametrize(("size", "takes"), [("double", True), ("king", False)])
def test_one_of_several_sizes_is_enough(
    session: Session, knowledge: Knowledge, size: str, takes: bool
) -> None:
    wanted = make_product(session, attributes={"size": ["single", "double"]})
    found = make_product(session, attributes={"size": size})
    assert takes_place(wanted, found, knowledge) is takes
