"""Every quantity as arrays of NumPy, in one ``.npz``: each number is the double nearest to the exact value."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from symbackprop._util.errors import MissingTool
from symbackprop.evaluate.evaluation import Evaluation
from symbackprop.graph.network import LOSS
from symbackprop.numbers.double import nearest_double


def to_npz(evaluation: Evaluation) -> bytes:
    """The archive: address → array, in the shape that JSON has; also the prediction and the loss after the update.

    Diagonal Jacobians are given by their diagonals. Raises ``MissingTool`` without NumPy.
    """
    wanted = [(address, address, 0) for address in evaluation.derivation.quantities]
    wanted += [(f"{address}@1", address, 1) for address in (evaluation.network.output.out, LOSS)]
    return archive((name, doubles(evaluation, address, step)) for name, address, step in wanted)


def archive(arrays: Iterable[tuple[str, object]]) -> bytes:
    """An ``.npz`` of these names and nested doubles, the same bytes for the same numbers."""
    try:
        import numpy
    except ImportError:
        raise MissingTool("npz", "needs NumPy", "pip install 'symbackprop[numpy]'") from None
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as members:
        for name, values in arrays:
            with members.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                array = numpy.array(values, dtype=numpy.float64)
                numpy.lib.format.write_array(member, array, allow_pickle=False)
    return content.getvalue()


def doubles(evaluation: Evaluation, address: str, step: int = 0) -> object:
    """The nearest doubles of a quantity, nested as its shape says."""
    what = f"{address}@{step}" if step else address
    found = evaluation.figures_of(lambda source: source.value(address, step), what, nearest_double)
    per_sample = evaluation.derivation.quantities[address].per_sample
    is_single = per_sample and not evaluation.network.spec.batch
    return found[0] if is_single and isinstance(found, list) else found
