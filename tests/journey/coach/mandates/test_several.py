"""Two mandates at once: each is meant by its name, and asked about by itself."""

import pytest
from sqlalchemy import select

from journey.store.tables import Mandate
from journey.turn import Entity
from tests.journey.coach.months import Months
from tests.journey.coach.test_mandate_months import FILTER, give
from tests.journey.curate.hearing import money
from tests.journey.talking import Talk

COFFEE = "coffee-sol-medium"


@pytest.fixture
def both(shop: Talk) -> Months:
    months = Months(shop)
    give(months)
    shop.say(
        "set_mandate",
        "and the Solano beans every 4 weeks, max 30",
        Entity("product", COFFEE),
        Entity("duration", {"days": 28, "every": True}),
        Entity("money", money(30)),
    )
    assert shop.say("affirm", "yes") == ["utter_mandate_given"]
    return months


def states(months: Months) -> dict[str, str]:
    rows = months.session.scalars(select(Mandate))
    return {x.product_id: x.state for x in rows}


def test_any_word_of_its_name_means_one(both: Months) -> None:
    said = both.talk.say("revoke_mandate", "pause the filters")
    assert said == ["utter_mandate_paused"]
    assert states(both) == {FILTER: "paused", COFFEE: "active"}


@pytest.mark.parametrize("intent", ["ask_recommendation", "revoke_mandate", "deny"])
def test_stop_ordering_ends_what_it_names(both: Months, intent: str) -> None:
    kind = Entity("category", "coffee")
    said = both.talk.say(intent, "stop ordering the coffee", kind)
    assert said == ["utter_mandate_revoked"]
    assert states(both) == {FILTER: "active", COFFEE: "revoked"}


def test_terms_for_good_are_asked_of_which(both: Months) -> None:
    said = both.talk.say("track_order", "always two from now on", Entity("count", 2))
    assert said == ["utter_mandate_which"]
    said = both.talk.say("choose_option", "the filters", Entity("product", FILTER))
    assert said == ["utter_confirm_mandate"]
    assert "for €25" in both.talk.value("text")
    assert "2 ×" in both.talk.value("text")


def test_no_is_said_to_one_and_the_other_is_asked(both: Months) -> None:
    both.until("mandate_announced")
    both.wait(1)
    assert len(both.talk.events("mandate_announced")) == 2
    said = both.talk.say("deny", "no")
    assert said == [
        "utter_mandate_skipped",
        "utter_way_back",
        "utter_mandate_announced",
    ]
    assert both.talk.say("deny", "no") == ["utter_mandate_skipped"]
    both.wait(6)
    assert both.orders() == []
