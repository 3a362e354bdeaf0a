from datetime import timedelta
from random import Random

from journey.history.made import FIRST
from journey.history.made_latent import LEADS, MONTHS, make_latent


def test_same_seed_makes_the_same_purchases_in_order_of_time() -> None:
    made = make_latent(50, 500, Random(1))
    assert made == make_latent(50, 500, Random(1))
    assert made == sorted(made, key=lambda x: x.at)
    assert all(FIRST <= x.at < FIRST + timedelta(days=500) for x in made)


def test_things_follow_others_and_come_in_their_months() -> None:
    made = make_latent(400, 700, Random(2))
    for lead in LEADS:
        first = {x.customer for x in made if x.product == lead.thing}
        after = {x.customer for x in made if x.product == lead.later}
        assert len(first & after) / len(first) > lead.share - 0.12
    for thing, month in MONTHS.items():
        assert {x.at.month for x in made if x.product == thing} == {month}
