from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from journey.desk import lists, snoozing
from journey.desk.handoffs import State
from journey.owner.ownership import Owner
from journey.store.tables import Conversation
from tests.factories import NOW
from tests.journey.desk.acts import take
from tests.journey.desk.conftest import MIA


def test_snooze_until_a_time(session: Session, conversation: Conversation) -> None:
    handoff = take(session, conversation, MIA)
    later = NOW + timedelta(hours=1)
    snoozing.snooze(session, conversation.id, by=MIA, until=later)
    assert conversation.owner == Owner.HUMAN
    assert [line.handoff for line in lists.snoozed(session)] == [handoff]
    assert snoozing.wake_due(session, now=NOW, random=Random(0)) == 0
    assert snoozing.wake_due(session, now=later, random=Random(0)) == 1
    assert handoff.state == State.TAKEN


def test_snooze_until_the_customer_writes(
    session: Session, conversation: Conversation
) -> None:
    handoff = take(session, conversation, MIA)
    snoozing.snooze(session, conversation.id, by=MIA)
    assert (
        snoozing.wake_due(session, now=NOW + timedelta(days=90), random=Random(0)) == 0
    )
    assert snoozing.wake(session, conversation.id)
    assert handoff.state == State.TAKEN
