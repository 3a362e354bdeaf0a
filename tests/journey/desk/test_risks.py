import pytest
from sqlalchemy.orm import Session

from journey.desk import risks
from journey.desk.handoffs import Urgency
from journey.owner.help import Help
from journey.store.tables import Conversation, Handoff
from tests.factories import NOW
from tests.journey.desk.acts import sent, take
from tests.journey.desk.conftest import MIA


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize(
    ("language", "text", "says"),
    [("en", "i want to die", "112"), ("hu", "nem akarok élni", "hívd a 112-t")],
)
def test_danger_is_answered_and_seen_whoever_has_it(
    session: Session,
    conversation: Conversation,
    waiting: Handoff,
    help: Help,
    taken: bool,
    language: str,
    text: str,
    says: str,
) -> None:
    conversation.language = language
    if taken:
        take(session, conversation, MIA)
    assert risks.hear(session, conversation, text, help=help, now=NOW)
    assert (waiting.reason, waiting.urgency) == ("self_harm", Urgency.NOW)
    assert says in sent(session, conversation)[-1][1]
    assert not risks.hear(session, conversation, text, help=help, now=NOW)


def test_a_lawyer_is_more_urgent_and_needs_no_text(
    session: Session, conversation: Conversation, waiting: Handoff, help: Help
) -> None:
    text = "my lawyer will write"
    assert not risks.hear(session, conversation, text, help=help, now=NOW)
    assert waiting.reason == "legal"
