"""Reading the need files, with every fault in one report."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter

from journey.catalogue.load import Catalogue
from journey.datafile import DataError, line_of, read
from journey.needs.schema import Answer, Need, Question, Shared

NEED = TypeAdapter(Need)
SHARED = TypeAdapter(Shared)
SHARED_FILE = "_shared.yml"


def load_needs(folder: Path, catalogue: Catalogue) -> tuple[dict[str, Need], Shared]:
    """Read every need of a folder and the questions that tell needs apart.

    Raises:
        DataError: anything does not fit; it names each file, line and field.
    """
    files: dict[Path, Need] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("[!_]*.yml")):
        try:
            files[path] = read(path, NEED)
        except DataError as error:
            faults += error.faults
    shared = _read_shared(folder / SHARED_FILE, faults)
    for path, need in files.items():
        faults += _faults(path, need, catalogue)
    needs = {need.need: need for need in files.values()}
    faults += _shared_faults(folder / SHARED_FILE, shared, needs, catalogue)
    if faults:
        raise DataError(faults)
    return needs, shared


def _read_shared(path: Path, faults: list[str]) -> Shared:
    if not path.exists():
        return Shared()
    try:
        return read(path, SHARED)
    except DataError as error:
        faults += error.faults
        return Shared()


def _faults(path: Path, need: Need, catalogue: Catalogue) -> Iterator[str]:
    if need.need != path.stem:
        line = line_of(path, "need")
        yield f"{path}:{line}: need: must be {path.stem!r}, as its file is called"
    for category in need.serves.categories:
        if category not in catalogue.categories:
            line = line_of(path, "serves", "categories", category)
            yield f"{path}:{line}: serves.categories: none is called {category!r}"
    for name in need.serves.attributes:
        if name not in catalogue.attributes:
            line = line_of(path, "serves", "attributes", name)
            yield f"{path}:{line}: serves.attributes: none is called {name!r}"
    yield from _question_faults(path, need.questions, catalogue)
    yield from _count_faults(path, need.questions, {"this"})


def _shared_faults(
    path: Path, shared: Shared, needs: Mapping[str, Need], catalogue: Catalogue
) -> Iterator[str]:
    yield from _question_faults(path, shared.questions, catalogue)
    yield from _count_faults(path, shared.questions, set(needs))


def _count_faults(
    path: Path, questions: tuple[Question, ...], known: set[str]
) -> Iterator[str]:
    for q, question in enumerate(questions):
        for a, answer in enumerate(question.answers):
            for name in set(answer.counts) - known - {"other"}:
                line = line_of(path, "questions", q, "answers", a, "counts", name)
                yield f"{path}:{line}: counts: no need is called {name!r}"


def _question_faults(
    path: Path, questions: tuple[Question, ...], catalogue: Catalogue
) -> Iterator[str]:
    for q, question in enumerate(questions):
        for a, answer in enumerate(question.answers):
            for reason in _answer_faults(answer, catalogue):
                line = line_of(path, "questions", q, "answers", a)
                where = f"{path}:{line}: {question.question}.{answer.answer}"
                yield f"{where}: {reason}"


def _answer_faults(answer: Answer, catalogue: Catalogue) -> Iterator[str]:
    for name in answer.prefers:
        if name not in catalogue.attributes and name not in catalogue.categories:
            yield f"prefers: no attribute or category is called {name!r}"
    for limit in answer.constrains:
        attribute = catalogue.attributes.get(limit.attribute)
        if attribute is None or not attribute.accepts(limit.value):
            yield f"constrains: {limit.attribute!r} cannot be {limit.value!r}"
