"""Arrays from .npz, .npy and CSV files: the same network as the figures in the spec, and one-line errors for the rest."""

from __future__ import annotations

import io
import pickle
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest

from symbackprop._util.errors import SpecError
from symbackprop.graph.load import load_spec

W, B = [["0.1", "-2"], ["1/3", "1e-3"], ["4", "0.5"]], ["0.25", "-1"]
FLOATS = [[0.1, -2.0], [0.3, 1e-3], [4.0, 0.5]]


def spec(folder: Path, weights: str, bias: str = '["0.25", "-1"]', samples: str = "[1, 2, 3]") -> Path:
    path = folder / "net.toml"
    text = f'input = {samples}\ntarget = [1, 0]\nlearning_rate = 1\nloss = "squared_error"\n'
    path.write_text(f'{text}[[layer]]\nactivation = "tanh"\nW = {weights}\nb = {bias}\n', encoding="utf-8")
    return path


def fractions(rows: Any) -> Any:
    return tuple(map(fractions, rows)) if isinstance(rows, list) else Fraction(str(rows))


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_floats_are_the_decimals_that_people_see(tmp_path: Path, dtype: str, suffix: str) -> None:
    array = numpy.array(FLOATS, dtype=dtype)
    save: Any = numpy.save if suffix == "npy" else numpy.savez
    save(tmp_path / f"w.{suffix}", array)
    assert fractions(FLOATS) == load_spec(spec(tmp_path, f'{{ file = "w.{suffix}" }}')).layers[0].W


def test_whole_numbers_transposed_arrays_and_names(tmp_path: Path) -> None:
    numpy.savez_compressed(tmp_path / "w.npz", first=numpy.arange(6).reshape(2, 3), second=numpy.array([7, -8]))
    path = spec(
        tmp_path, '{ file = "w.npz", array = "first", transpose = true }', '{ file = "w.npz", array = "second" }'
    )
    layer = load_spec(path).layers[0]
    assert fractions([[0, 3], [1, 4], [2, 5]]) == layer.W
    assert layer.b == (7, -8)


def test_csv_holds_numbers_as_a_spec_does(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("\ufeff0.1, -2\n1/3,1e-3\n\n4,0.5\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("0.25\n-1\n", encoding="utf-8")
    layer = load_spec(spec(tmp_path, '{ file = "w.csv" }', '{ file = "b.csv" }')).layers[0]
    assert fractions(W) == layer.W
    assert layer.b == fractions(B)


def test_samples_from_a_file(tmp_path: Path) -> None:
    numpy.save(tmp_path / "x.npy", numpy.array([1, 2, 3]))
    assert load_spec(spec(tmp_path, str(W).replace("'", '"'), samples='{ file = "x.npy" }')).input == ((1, 2, 3),)


def test_paths_start_at_the_folder_of_the_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    numpy.save(tmp_path / "in" / "w.npy", numpy.array(FLOATS))
    monkeypatch.chdir(tmp_path)
    assert load_spec(str(spec(tmp_path / "in", '{ file = "w.npy" }').relative_to(tmp_path))).layers[0].inputs == 3


def bad_files(folder: Path) -> None:
    numpy.save(folder / "cube.npy", numpy.zeros((2, 2, 2)))
    numpy.save(folder / "words.npy", numpy.array([["a", "b"]] * 3))
    numpy.save(folder / "nan.npy", numpy.array([[1, numpy.nan]] * 3))
    numpy.save(folder / "flat.npy", numpy.zeros(6))
    numpy.savez(folder / "two.npz", one=numpy.zeros((3, 2)), two=numpy.zeros((3, 2)))
    (folder / "no.npy").write_bytes(b"\x93NUMPY\x01\x00\x10\x00{'descr': ")
    (folder / "no.npz").write_bytes(b"PK\x03\x04")
    (folder / "w.bin").write_bytes(b"1")
    (folder / "ragged.csv").write_text("1,2\n3\n", encoding="utf-8")
    (folder / "word.csv").write_text("1,2\n3,x\n5,6\n", encoding="utf-8")
    (folder / "latin.csv").write_bytes(b"1,\xff\n")
    (folder / "empty.csv").write_bytes(b"")


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ('{ file = "gone.npy" }', "no such file"),
        ('{ file = "cube.npy" }', "3 axes"),
        ('{ file = "words.npy" }', "U1"),
        ('{ file = "nan.npy" }', r"W\[1\]\[2\].*not finite"),
        ('{ file = "flat.npy" }', "list of rows"),
        ('{ file = "flat.npy", transpose = true }', "cannot be transposed"),
        ('{ file = "flat.npy", array = "W" }', "one array"),
        ('{ file = "two.npz" }', "2 arrays.*one, two"),
        ('{ file = "two.npz", array = "tow" }', "did you mean 'two'"),
        ('{ file = "no.npy" }', "no array"),
        ('{ file = "no.npz" }', "no .npz file"),
        ('{ file = "w.bin" }', "no .npz, .npy or .csv"),
        ('{ file = "ragged.csv" }', "length 1"),
        ('{ file = "ragged.csv", transpose = true }', "different lengths"),
        ('{ file = "word.csv" }', r"W\[2\]\[2\].*'x'"),
        ('{ file = "latin.csv" }', "UTF-8"),
        ('{ file = "empty.csv" }', "empty"),
        ('{ path = "w.csv" }', "a table where a list of rows"),
        ('{ file = "w.csv", row = 1 }', "unknown key"),
        ("{ file = 3 }", "where text is due"),
        ('{ file = "/dev/zero" }', "no such file"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path: Path, weights: str, words: str) -> None:
    bad_files(tmp_path)
    with pytest.raises(SpecError, match=words) as caught:
        load_spec(spec(tmp_path, weights))
    assert "\n" not in str(caught.value)


class Trap:
    """Unpickling one would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.write_text, (self.path, "executed")


@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_a_pickle_is_not_opened(tmp_path: Path, suffix: str) -> None:
    written = tmp_path / "executed.txt"
    content = io.BytesIO()
    numpy.save(content, numpy.array([[Trap(written)]], dtype=object), allow_pickle=True)
    if suffix == "npy":
        (tmp_path / "w.npy").write_bytes(content.getvalue())
    else:
        with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive:
            archive.writestr("W.npy", content.getvalue())
    with pytest.raises(SpecError, match="allow_pickle"):
        load_spec(spec(tmp_path, f'{{ file = "w.{suffix}" }}'))
    (tmp_path / "w.npy").write_bytes(pickle.dumps(Trap(written)))
    with pytest.raises(SpecError):
        load_spec(spec(tmp_path, '{ file = "w.npy" }'))
    assert not written.exists()


def test_files_count_as_numbers_of_the_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symbackprop.spec.arrays.MAX_NUMBERS", 8)
    numpy.save(tmp_path / "w.npy", numpy.array(FLOATS))
    with pytest.raises(SpecError, match="more than the 5 numbers"):
        load_spec(spec(tmp_path, '{ file = "w.npy" }'))


def test_an_archive_that_unpacks_to_very_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numpy.savez_compressed(tmp_path / "w.npz", W=numpy.zeros((3, 2000)))
    monkeypatch.setattr("symbackprop.spec.array_files.MAX_FILE_BYTES", 40_000)
    with pytest.raises(SpecError, match="larger than"):
        load_spec(spec(tmp_path, '{ file = "w.npz" }'))
