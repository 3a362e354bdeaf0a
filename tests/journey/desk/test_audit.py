from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk.audit import AGAIN, note_reads
from journey.store.tables import CustomerRead
from tests.factories import NOW, make_agent, make_customer


def test_look_is_recorded_once_for_a_while(session: Session) -> None:
    ana, customer = make_agent(session), make_customer(session).id
    for later in (timedelta(), timedelta(minutes=9), AGAIN):
        note_reads(session, [customer], "journey", agent_id=ana.id, now=NOW + later)
    rows = session.scalars(select(CustomerRead).order_by(CustomerRead.at)).all()
    assert [row.at for row in rows] == [NOW, NOW + AGAIN]
    assert {(row.agent_id, row.customer_id, row.what) for row in rows} == {
        (ana.id, customer, "journey")
    }


def test_each_agent_customer_and_kind_is_a_look(session: Session) -> None:
    both = [make_customer(session).id for _ in range(2)]
    for agent in (make_agent(session), make_agent(session)):
        note_reads(session, both, "list", agent_id=agent.id, now=NOW)
        note_reads(session, both, "journey", agent_id=agent.id, now=NOW)
    assert len(session.scalars(select(CustomerRead)).all()) == 8
