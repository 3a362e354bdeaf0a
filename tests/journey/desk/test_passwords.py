import pytest

from journey.desk import passwords


def test_password_fits_its_hash_only() -> None:
    stored = passwords.make_hash("a long enough one")
    assert stored.startswith("$argon2id$")
    assert passwords.fits(stored, "a long enough one")
    assert not passwords.fits(stored, "a long enough two")


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_without_a_hash_nothing_fits(stored: str | None) -> None:
    assert not passwords.fits(stored, "anything at all")


def test_unknown_account_costs_a_whole_comparison(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    class Counting:
        def verify(self, stored: str, _given: str) -> bool:
            compared.append(stored)
            return False

    passwords.fits(None, "warm up the hash of nobody")
    monkeypatch.setattr(passwords, "_hasher", Counting())
    passwords.fits(None, "anything at all")
    assert compared[0].startswith("$argon2id$")


@pytest.mark.parametrize("weak", ["", "short", "x" * 201])
def test_password_of_a_bad_length_is_refused(weak: str) -> None:
    with pytest.raises(passwords.BadPassword, match="12 to 200"):
        passwords.make_hash(weak)


def test_generated_passwords_are_good_and_differ() -> None:
    one, other = passwords.generate(), passwords.generate()
    assert one != other
    assert passwords.make_hash(one)
