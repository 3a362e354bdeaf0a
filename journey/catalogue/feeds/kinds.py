"""Categories out of the paths that a file tells: an id, a name, what is compared."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from journey.catalogue.feeds.details import Typed
from journey.catalogue.feeds.values import slug
from journey.catalogue.schema import Attribute, Category

CARES = 6
STATED = 0.3
"""An attribute is compared where at least this share of a category states it."""
UNSORTED = ("thing",)
Path = tuple[str, ...]


def name_kinds(paths: Iterable[Path]) -> dict[Path, str]:
    """Return an id for every path: its last name, or as many as tell it apart."""
    known = sorted(set(paths))
    found: dict[Path, str] = {}
    ends = Counter(slug(path[-1]) for path in known if path)
    for path in known:
        parts = path or UNSORTED
        plain = slug(singular(parts[-1])) or f"kind-{len(found) + 1}"
        if ends[slug(parts[-1])] > 1 and len(parts) > 1:
            plain = slug("-".join((*parts[:-1], singular(parts[-1]))))
        while plain in found.values():
            plain += "-2"
        found[path] = plain[:100]
    return found


def make_categories(
    kinds: Mapping[Path, str],
    owner: Mapping[str, Category],
    attributes: Mapping[str, Attribute],
    stated: Mapping[str, Sequence[Typed]],
) -> dict[str, Category]:
    """Return every category by id; `stated` has the attributes of its products."""
    found = {}
    for path, kind in kinds.items():
        parts = path or UNSORTED
        known = owner.get(kind)
        names = known.names if known else ()
        found[kind] = Category(
            category=kind,
            name=known.name if known else singular(parts[-1]).casefold(),
            names=tuple(dict.fromkeys((*names, parts[-1].casefold()))),
            cares=_cares(known, attributes, stated.get(kind, ())),
            within=tuple(dict.fromkeys(x.casefold() for x in reversed(parts[:-1]))),
        )
    return found


def _cares(
    known: Category | None,
    attributes: Mapping[str, Attribute],
    products: Sequence[Typed],
) -> tuple[str, ...]:
    """Return what tells a category's products apart, what most of them state first."""
    values = defaultdict[str, set[str]](set)
    counts = Counter[str]()
    for product in products:
        for name, value in product.items():
            counts[name] += 1
            values[name].add(str(value))
    telling = [
        name
        for name, count in counts.most_common()
        if count >= STATED * len(products)
        and len(values[name]) > 1
        and attributes[name].type != "text"
    ]
    own = [x for x in (known.cares if known else ()) if x in attributes]
    return tuple(dict.fromkeys((*own, *telling)))[:CARES]


def singular(name: str) -> str:
    """Return an English name of several things as that of one."""
    head, space, word = name.rpartition(" ")
    plain = word.casefold()
    if plain.endswith("ies") and len(plain) > 4:
        word = word[:-3] + "y"
    elif plain.endswith(("ches", "shes", "sses", "xes")):
        word = word[:-2]
    elif (
        plain.endswith("s")
        and not plain.endswith(("ss", "us", "is"))
        and len(plain) > 3
    ):
        word = word[:-1]
    return head + space + word
