import pytest

from journey.messages.capabilities import CAPABILITIES, Capability, capability


@pytest.mark.parametrize("channel", CAPABILITIES.values(), ids=lambda c: c.channel)
def test_body_fits_into_a_message(channel: Capability) -> None:
    assert 0 < channel.body <= channel.text
    assert bool(channel.buttons) == bool(channel.title)


@pytest.mark.parametrize(
    ("channel", "length"), [("telegram", 3), ("instagram", 5), ("web", 3)]
)
def test_length_is_never_less_than_the_provider_counts(
    channel: str, length: int
) -> None:
    assert capability(channel).length("a🌙") == length


def test_unknown_channel_is_read_by_who_began_it() -> None:
    assert not capability("command line").pushes
