"""``symbackprop import MODEL``: a spec of a dense stack that PyTorch or ONNX has stored."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from symbackprop._util.errors import SymbackpropError

ARRAY_SUFFIXES = (".npz", ".npy", ".csv")


@click.command("import")
@click.argument("model", metavar="MODEL", type=click.Path(path_type=Path))
@click.option(
    "--sample", required=True, metavar="FILE|VALUES", help="The input: 0.1,0.2,… or an .npy, .npz or .csv file."
)
@click.option("--target", default="", metavar="FILE|VALUES", help="The target, likewise [default: 1,0,0,…].")
@click.option("--activations", default="", metavar="NAMES", help="Of a state dict, one for each layer: relu,softmax.")
@click.option("--loss", default="", metavar="NAME", help="[default: the usual one of the last activation]")
@click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(path_type=Path),
    default=Path("spec.toml"),
    show_default=True,
    metavar="SPEC",
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
def import_model(model: Path, sample: str, target: str, activations: str, loss: str, path: Path, force: bool) -> None:
    """Write a spec of the dense layers in MODEL: a PyTorch state dict (.pt, .pth) or an ONNX graph (.onnx).

    Nothing of the file is executed. Many weights go to an .npz beside the spec.

    \b
    Examples:
      symbackprop import model.pt --activations relu,softmax --sample 0.1,0.2,0.7 --target 1,0 -o net.toml
      symbackprop import model.onnx --sample digit.npy -o net.toml
    """
    from symbackprop._util.files import write_whole
    from symbackprop.graph.load import load_spec
    from symbackprop.importers import imported_spec, read_stack

    array_path = path.with_suffix(".npz")
    layers = read_stack(model, [name.strip() for name in activations.split(",") if name.strip()])
    spec = imported_spec(
        layers,
        _array(sample, path.parent),
        _array(target, path.parent) if target else None,
        loss,
        model.stem,
        array_path.name,
    )
    load_spec(_absolute(spec.values, path.parent))
    files: dict[Path, str | bytes] = {} if spec.arrays is None else {array_path: spec.arrays}
    files[path] = spec.text
    for file in files:
        if file.exists() and not force:
            raise SymbackpropError(str(file), "exists already", "take another name, or --force to replace it")
    for layer in layers:
        stored = f" (stored {layer.outputs} × {layer.inputs})" if layer.transposed else ""
        click.echo(f"{layer.name}: {layer.inputs} × {layer.outputs}{stored}, {layer.activation}")
    for file, content in files.items():
        write_whole(file, content)
        click.echo(f"wrote {file}")
    click.echo(f"now: symbackprop derive {path}")


def _array(text: str, folder: Path) -> Any:
    """Values separated by commas; or a table that names the file, as seen from the spec's folder."""
    if Path(text).suffix.lower() in ARRAY_SUFFIXES:
        return {"file": Path(os.path.relpath(text, folder)).as_posix()}
    return [part.strip() for part in text.split(",") if part.strip()]


def _absolute(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The values with the files of sample and target found from here."""
    return {
        key: {"file": os.path.normpath(folder / value["file"])}
        if isinstance(value, dict) and "file" in value
        else value
        for key, value in values.items()
    }
