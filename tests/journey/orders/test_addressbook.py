from sqlalchemy.orm import Session

from journey.orders import addressbook
from journey.people.merging import merge
from journey.people.privacy import erase_customer, export_customer
from journey.store.tables import Address, Customer
from tests.factories import NOW, make_customer

HOME = {"street": "Hauptstr. 5", "postcode": "1010", "city": "Wien"}
WORK = {"street": "Ring 1", "postcode": "1010", "city": "Wien"}


def labels(session: Session, customer: Customer) -> list[tuple[str, int]]:
    known = addressbook.addresses_of(session, customer)
    return [(x.label, x.used) for x in known]


def test_keep_notes_an_address_once_and_its_label(session: Session) -> None:
    customer = make_customer(session)
    for label in ("", "home", ""):
        addressbook.keep(session, customer, HOME, label, NOW)
    assert labels(session, customer) == [("home", 0)]
    assert customer.address == HOME


def test_keep_takes_what_was_used_before_there_was_a_book(session: Session) -> None:
    customer = make_customer(session, address=HOME)
    addressbook.keep(session, customer, WORK, "work", NOW)
    known = addressbook.addresses_of(session, customer)
    assert {x.label: x.parts for x in known} == {"": HOME, "work": WORK}


def test_keep_moves_a_label(session: Session) -> None:
    customer = make_customer(session)
    addressbook.keep(session, customer, HOME, "home", NOW)
    addressbook.keep(session, customer, WORK, "home", NOW)
    home = addressbook.called(session, customer, "home")
    assert home and home.parts == WORK
    assert len(labels(session, customer)) == 1


def test_usual_address_is_in_use_again_after_an_order_elsewhere(
    session: Session,
) -> None:
    customer = make_customer(session)
    addressbook.keep(session, customer, HOME, "home", NOW)
    for _ in range(2):
        addressbook.use(session, customer, NOW)
    addressbook.keep(session, customer, WORK, "work", NOW)
    addressbook.use(session, customer, NOW)
    assert labels(session, customer) == [("home", 2), ("work", 1)]
    assert customer.address == HOME


def test_doubt_is_when_none_is_used_most(session: Session) -> None:
    customer = make_customer(session)
    for parts in (HOME, WORK):
        addressbook.keep(session, customer, parts, "", NOW)
        addressbook.use(session, customer, NOW)
    assert addressbook.in_doubt(session, customer)
    addressbook.use(session, customer, NOW)
    assert not addressbook.in_doubt(session, customer)


def test_addresses_are_exported_merged_and_erased(session: Session) -> None:
    kept, gone = make_customer(session), make_customer(session)
    addressbook.keep(session, gone, WORK, "work", NOW)
    merge(session, kept.id, gone.id, by="customer", now=NOW)
    (row,) = export_customer(session, kept.id)["addresses"]
    assert (row["label"], row["parts"]) == ("work", WORK)
    erase_customer(session, kept.id, NOW)
    assert session.query(Address).count() == 0
