from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session

from journey.store.engine import open_engine, reading
from journey.store.tables import Customer
from tests.factories import NOW, make_customer


def test_time_comes_back_in_utc(session: Session) -> None:
    customer = make_customer(session)
    session.expire(customer)
    assert customer.created_at == NOW


def test_time_without_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="a time without a zone"):
        make_customer(session, created_at=datetime(2026, 1, 1))


def test_reading_does_not_wait_for_a_writer(engine: Engine, session: Session) -> None:
    make_customer(session)
    with reading(engine) as reader:
        assert reader.query(Customer).count() == 0


def test_writers_wait_for_one_another(engine: Engine, session: Session) -> None:
    make_customer(session)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(write, engine)
        wait([other], 0.1)
        assert not other.done()
        session.commit()
        assert other.result() == 2


def test_who_waits_too_long_for_a_writer_is_told(
    engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journey.store.engine.PATIENCE", 0)
    make_customer(session)
    with pytest.raises(OperationalError, match="locked"):
        write(engine)


def write(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        make_customer(session)
        return session.query(Customer).count()


def test_open_engine_makes_the_folder(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path}/deep/coach.db").dispose()
    assert (tmp_path / "deep").is_dir()
