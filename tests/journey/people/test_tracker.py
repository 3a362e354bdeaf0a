from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert

from journey.people.tracker import erase_tracker, read_tracker
from journey.store.engine import open_engine


@pytest.fixture
def tracker(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path}/tracker.db")
    metadata = MetaData()
    number = Column("number", Integer, primary_key=True)
    events = Table("bot_events", metadata, number, Column("sender_id", String(40)))
    Table("other", metadata, Column("sender_id", String(40), primary_key=True))
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(events), [{"sender_id": "a"}, {"sender_id": "b"}])
    return engine


def test_read_tracker_shows_only_these_conversations(tracker: Engine) -> None:
    rows = read_tracker(tracker, ["a"])
    assert rows == {"bot_events": [{"number": 1, "sender_id": "a"}]}


def test_erase_tracker_spares_the_others(tracker: Engine) -> None:
    assert erase_tracker(tracker, ["a"]) == {"bot_events": 1}
    assert len(read_tracker(tracker, ["b"])["bot_events"]) == 1


def test_read_tracker_that_was_never_used_is_empty(tmp_path: Path) -> None:
    assert read_tracker(open_engine(f"sqlite:///{tmp_path}/none.db"), ["a"]) == {}
