from pathlib import Path

from journey.knowledge import Knowledge
from tests.journey.catalogue.feeds.files import FEED, catalogue, write


def test_needs_of_another_shop_rest(knowledge: Knowledge, tmp_path: Path) -> None:
    new, _ = catalogue(write(tmp_path, FEED))
    fitted = knowledge.selling(new)
    assert set(fitted.needs) == set(knowledge.needs)
    assert fitted.served == {}
    assert all(not scores.any() for scores in fitted.serving.values())


def test_needs_keep_the_categories_that_are_there(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    new, _ = catalogue(write(tmp_path, FEED.replace("Camping > Tents", "Pillows")))
    need = knowledge.selling(new).served["sleep_through_the_night"]
    assert set(need.serves.categories) == {"pillow"}
    assert set(need.serves.attributes) <= set(new.attributes)
    answers = [a for q in need.questions for a in q.answers]
    assert all(set(a.prefers) <= {*new.categories, *new.attributes} for a in answers)


def test_a_need_that_rests_is_not_believed(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    new, _ = catalogue(write(tmp_path, FEED.replace("Camping > Tents", "Pillows")))
    fitted = knowledge.selling(new)
    assert "better_coffee_at_home" in fitted.needs
    assert "better_coffee_at_home" not in fitted.served
