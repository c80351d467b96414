"""Arrays in files beside the spec: ``W = { file = "weights.npz", array = "W1", transpose = true }``.

``.npy`` and ``.npz`` are read by NumPy, never with pickle; ``.csv`` holds rows of numbers as a spec writes them. A binary
float counts as the shortest decimal of its own type, as a float of Python does: 0.1 is 1/10, also in single precision.
"""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symbackprop._util.errors import nearest
from symbackprop.spec.numbers import show
from symbackprop.spec.table import SpecPlace, SpecTable

FILE_KEYS = ("file", "array", "transpose")
MAX_FILE_BYTES = 200_000_000
NUMBER_KINDS = "fiu"
"""NumPy's letters for floats and whole numbers."""
LONGEST_CELL = 131_072


def read_array(value: Mapping[object, object], place: SpecPlace, folder: Path, most: int) -> list[Any]:
    """The array that the table ``value`` names, as nested lists of numbers or of their texts; at most ``most`` numbers.

    A relative path starts at ``folder``. Every problem is a ``SpecError`` at ``place``.
    """
    table = SpecTable(value, place, FILE_KEYS)
    name = table.text("file")
    data = _content(folder / name, name, table.at("file"))
    suffix = Path(name).suffix.lower()
    if suffix == ".npz":
        data = _member(data, table, name)
    elif table.has("array"):
        raise table.at("array").error(f"{show(name)} holds one array", "'array' is for .npz files")
    if suffix == ".csv":
        found = _csv(data, table.at("file"), most)
    elif suffix in (".npy", ".npz"):
        found = _npy(data, table.at("file"), most)
    else:
        raise table.at("file").error(f"{show(name)} is no .npz, .npy or .csv file")
    return _transposed(found, place) if table.flag("transpose", False) else found


def _content(path: Path, name: str, place: SpecPlace) -> bytes:
    """All of a regular file of moderate size."""
    try:
        if not path.is_file():
            raise place.error(f"no such file {show(name)}", "the path starts at the spec's folder")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise place.error(f"{show(name)} is larger than {MAX_FILE_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise place.error(f"{show(name)} cannot be read: {reason}") from None


def _member(data: bytes, table: SpecTable, name: str) -> bytes:
    """The bytes of one array of an archive; of an archive with one array, that."""
    place = table.at("file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            if not table.has("array") and len(members) != 1:
                raise place.error(f"{show(name)} holds {len(members)} arrays", f"array = one of {', '.join(members)}")
            wanted = table.text("array") if table.has("array") else next(iter(members))
            if wanted not in members:
                raise table.at("array").error(f"{show(name)} has no array {show(wanted)}", nearest(wanted, members))
            if members[wanted].file_size > MAX_FILE_BYTES:
                raise place.error(f"the array {show(wanted)} is larger than {MAX_FILE_BYTES // 1_000_000} MB")
            return archive.read(members[wanted])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise place.error(f"{show(name)} is no .npz file: {error}") from None


def _npy(data: bytes, place: SpecPlace, most: int) -> list[Any]:
    try:
        import numpy
    except ImportError:
        raise place.error("reading .npy and .npz needs NumPy", "pip install 'symbackprop[numpy]'") from None
    try:
        array = numpy.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError, SyntaxError, TypeError, MemoryError, OverflowError) as error:
        raise place.error(f"holds no array: {error}") from None
    if array.dtype.kind not in NUMBER_KINDS or array.dtype.itemsize > 8:
        raise place.error(f"the array holds {array.dtype}, where floats of up to 64 bits or whole numbers are due")
    if array.ndim not in (1, 2):
        raise place.error(f"the array has {array.ndim} axes, where one or two are due")
    if array.size > most:
        raise _too_many(place, most)
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        array = array.astype(str)
    found: list[Any] = array.tolist()
    return found


def _csv(data: bytes, place: SpecPlace, most: int) -> list[Any]:
    """Rows of texts; an empty line ends nothing and means nothing."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        text = data.decode("utf-8-sig")
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise place.error(f"is no CSV in UTF-8: {error}") from None
    if sum(map(len, rows)) > most:
        raise _too_many(place, most)
    return rows


def _too_many(place: SpecPlace, most: int) -> Exception:
    return place.error(f"holds more than the {most} numbers that are left to this spec")


def _transposed(array: list[Any], place: SpecPlace) -> list[Any]:
    if not array or not isinstance(array[0], list):
        raise place.key("transpose").error("a list of numbers cannot be transposed")
    if not math.prod(len(row) == len(array[0]) for row in array):
        raise place.error("the rows of the file have different lengths")
    return [list(column) for column in zip(*array, strict=True)]


def as_row(array: list[Any]) -> list[Any]:
    """An array of one row or of one column as a list; any other as it is."""
    if not array or not isinstance(array[0], list):
        return array
    if len(array) == 1:
        return list(array[0])
    return [row[0] for row in array] if all(len(row) == 1 for row in array) else array
