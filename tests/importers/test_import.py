"""``symbackprop import``: the imported network gives what the model gave, and what is no dense stack is named in a line."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy
import onnx
import pytest
import torch
from click.testing import CliRunner
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from symbackprop import derive
from symbackprop._util.errors import SpecError
from symbackprop.cli.main import main
from symbackprop.importers import read_stack

X = [0.5, -1.25, 0.75]


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


def linear(seed: int, *widths: int) -> list[nn.Linear]:
    torch.manual_seed(seed)
    return [nn.Linear(a, b, bias=a != 7) for a, b in itertools.pairwise(widths)]


def assert_gives(spec: Path, expected: torch.Tensor) -> None:
    found = [float(x) for x in derive(str(spec))["O_out"].value]
    assert numpy.allclose(found, expected.detach().numpy().ravel(), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("widths", [(3, 4, 2), (3, 20, 7, 5)])
def test_a_state_dict_gives_what_the_model_gives(tmp_path: Path, widths: tuple[int, ...]) -> None:
    """Few weights stand in the spec, many in the .npz beside it; a layer without a bias has none."""
    layers = linear(1, *widths)
    model = nn.Sequential(*(part for layer in layers[:-1] for part in (layer, nn.Tanh())), layers[-1], nn.Softmax(1))
    torch.save(model.state_dict(), tmp_path / "model.pt")
    spec = tmp_path / "deep" / "net.toml"
    activations = ",".join(["tanh"] * (len(layers) - 1) + ["softmax"])
    result = run(tmp_path / "model.pt", "--activations", activations, "--sample", "0.5,-1.25,0.75", "-o", spec)
    assert result.exit_code == 0, result.output
    assert f"0: 3 × {widths[1]} (stored {widths[1]} × 3), tanh" in result.output
    assert spec.with_suffix(".npz").exists() == (sum(a * b for a, b in itertools.pairwise(widths)) > 100)
    assert_gives(spec, model(torch.tensor([X])))


def test_a_checkpoint_and_a_sample_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (layer,) = linear(2, 3, 2)
    torch.save({"state_dict": layer.state_dict(), "epoch": 3}, "model.pth")
    numpy.save("x.npy", numpy.array(X))
    result = run("model.pth", "--activations", "sigmoid", "--sample", "x.npy", "--target", "0,1", "-o", "out/net.toml")
    assert result.exit_code == 0, result.output
    assert_gives(Path("out/net.toml"), torch.sigmoid(layer(torch.tensor([X]))))
    assert derive("out/net.toml").derivation.network.loss.name == "binary_cross_entropy"


def graph(nodes: list[Any], constants: dict[str, Any], path: Path, output: str = "out") -> Path:
    made = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("in", TensorProto.FLOAT, [1, 3])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(numpy.asarray(value, numpy.float32), name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(made), path)
    return path


node = helper.make_node
CHANCE = numpy.random.default_rng(3)
W, W2, B = CHANCE.normal(size=(3, 4)), CHANCE.normal(size=(2, 4)), CHANCE.normal(size=4)
TORCH_OF = {
    "Relu": nn.ReLU(),
    "LeakyRelu": nn.LeakyReLU(0.2),
    "Elu": nn.ELU(0.5),
    "Softplus": nn.Softplus(),
    "Tanh": nn.Tanh(),
    "Exp": torch.exp,
    "Sigmoid": nn.Sigmoid(),
    "Gelu": nn.GELU(approximate="tanh"),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "LeakyRelu": {"alpha": 0.2},
    "Elu": {"alpha": 0.5},
    "Gelu": {"approximate": "tanh"},
}


@pytest.mark.parametrize("kind", [*TORCH_OF, "silu"])
def test_a_graph_gives_what_it_says(tmp_path: Path, kind: str) -> None:
    """MatMul and Add, an activation, Gemm with a stored transpose, Softmax."""
    middle = [node("Sigmoid", ["z"], ["s"]), node("Mul", ["z", "s"], ["a"])]
    if kind != "silu":
        middle = [node(kind, ["z"], ["a"], **OPTIONS.get(kind, {}))]
    nodes = [node("Flatten", ["in"], ["f"]), node("MatMul", ["f", "W"], ["m"]), node("Add", ["B", "m"], ["z"]), *middle]
    nodes += [node("Gemm", ["a", "W2"], ["g"], transB=1), node("Softmax", ["g"], ["out"], axis=1)]
    path = graph(nodes, {"W": W, "B": B, "W2": W2}, tmp_path / "net.onnx")
    result = run(path, "--sample", "0.5,-1.25,0.75", "-o", tmp_path / "net.toml")
    assert result.exit_code == 0, result.output
    hidden = TORCH_OF.get(kind, nn.SiLU())(torch.tensor(X) @ torch.tensor(W).float() + torch.tensor(B).float())
    assert_gives(tmp_path / "net.toml", torch.softmax(hidden @ torch.tensor(W2).float().T, 0))


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ([node("Conv", ["in", "W"], ["out"], name="first")], "first.*Conv.*no part of a dense stack"),
        ([node("Relu", ["in"], ["out"])], "behind no dense layer"),
        ([node("Gemm", ["in", "W"], ["m"]), node("Add", ["m", "in"], ["out"])], "Add"),
        ([node("Gemm", ["in", "W"], ["out"], alpha=2.0)], "factors"),
        ([node("Gemm", ["in", "W", "C"], ["out"])], "bias of 2 values for 4"),
        ([node("MatMul", ["W", "in"], ["out"])], "no product"),
        ([node("Gemm", ["in", "W"], ["m"]), node("Softmax", ["m"], ["out"], axis=0)], "axis 0"),
        ([node("Gemm", ["in", "W"], ["m"]), node("Gemm", ["m", "W"], ["out"])], "takes 3 values.*gives 4"),
        ([node("Identity", ["in"], ["out"])], "no dense layer"),
    ],
)
def test_a_node_that_is_no_part_of_a_dense_stack_is_named(tmp_path: Path, nodes: list[Any], words: str) -> None:
    path = graph(nodes, {"W": W, "C": [1, 2]}, tmp_path / "net.onnx")
    with pytest.raises(SpecError, match=words) as caught:
        read_stack(path)
    assert "\n" not in str(caught.value)


class Trap:
    """Unpickling one would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.write_text, (self.path, "executed")


def test_files_that_are_no_state_dict(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(2, 2))
    torch.save(model.state_dict(), tmp_path / "conv.pt")
    torch.save(Trap(tmp_path / "executed.txt"), tmp_path / "trap.pt")
    torch.save(model, tmp_path / "whole.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    (tmp_path / "noise.pt").write_bytes(b"\x80\x02noise")
    (tmp_path / "noise.onnx").write_bytes(b"noise")
    (tmp_path / "model.h5").write_bytes(b"")
    for name, words in {
        "conv.pt": "conv.pt: 0: is no dense layer .weight 2×1×3×3",
        "trap.pt": "not opened",
        "whole.pt": "not opened",
        "list.pt": "no state dict",
        "noise.pt": "noise.pt",
        "noise.onnx": "no ONNX model",
        "model.h5": "no .pt",
        "gone.pt": "no such file",
    }.items():
        with pytest.raises(SpecError, match=words) as caught:
            read_stack(tmp_path / name, () if name.endswith("onnx") else ("relu",))
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "executed.txt").exists()


def test_nothing_is_written_where_the_spec_would_be_wrong(tmp_path: Path) -> None:
    torch.save(linear(1, 3, 2)[0].state_dict(), tmp_path / "model.pt")
    for extra in (["--sample", "1,2"], ["--sample", "1,2,3", "--target", "1"], ["--sample", "1,2,x"]):
        result = run(tmp_path / "model.pt", "--activations", "tanh", *extra, "-o", tmp_path / "net.toml")
        assert isinstance(result.exception, SpecError)
    assert [p.name for p in tmp_path.iterdir()] == ["model.pt"]


# --- numbers are kept or refused, sizes are looked at first -----------------------------------------------------------


def weight(tmp_path: Path, tensor: Any) -> Any:
    """What import says of a state dict with one weight."""
    torch.save({"weight": tensor}, tmp_path / "model.pt")
    sample = ",".join(["1"] * (tensor.shape[-1] if tensor.ndim == 2 else 1))
    command = (tmp_path / "model.pt", "--activations", "identity", "--sample", sample)
    return run(*command, "-o", tmp_path / "net.toml", "--force")


@pytest.mark.parametrize(
    ("tensor", "exact"),
    [
        (torch.tensor([[16777217]]), "16777217"),
        (torch.tensor([[0.1]], dtype=torch.bfloat16), "0.10009765625"),
        (torch.tensor([[0.1]], dtype=torch.float64), "0.1"),
        (torch.tensor([[0.1]], dtype=torch.float8_e5m2), "0.09375"),
        (torch.tensor([[-7]], dtype=torch.int8), "-7"),
    ],
)
def test_every_type_of_number_is_kept(tmp_path: Path, tensor: Any, exact: str) -> None:
    result = weight(tmp_path, tensor)
    assert result.exit_code == 0, result.output
    assert f'W = [\n    ["{exact}"],\n]' in (tmp_path / "net.toml").read_text()


def test_many_numbers_of_a_rare_type_are_kept_in_the_archive(tmp_path: Path) -> None:
    tensor = torch.linspace(-1, 1, 150).reshape(10, 15).to(torch.bfloat16)
    assert weight(tmp_path, tensor).exit_code == 0
    kept = numpy.load(tmp_path / "net.npz")["W1"]
    assert (kept == tensor.to(torch.float64).numpy()).all()


@pytest.mark.parametrize(
    ("tensor", "said"),
    [
        (torch.ones(2, 2, dtype=torch.complex64), "complex64"),
        (torch.ones(2, 2, dtype=torch.bool), "bool"),
        (torch.eye(3).to_sparse(), "to_dense"),
        (torch.ones(1).expand(30000, 30000), "900000000 numbers"),
        (torch.empty(2, 2, device="meta"), "meta"),
    ],
)
def test_what_is_no_array_of_real_numbers_is_one_line(tmp_path: Path, tensor: Any, said: str) -> None:
    result = weight(tmp_path, tensor)
    assert result.exit_code != 0
    assert isinstance(result.exception, SpecError), result.exception
    assert said in str(result.exception)
    assert "\n" not in str(result.exception)


@pytest.mark.filterwarnings("ignore:.*quantize.*")
@pytest.mark.filterwarnings("ignore:.*TypedStorage.*")
def test_a_quantised_tensor_is_one_line(tmp_path: Path) -> None:
    result = weight(tmp_path, torch.quantize_per_tensor(torch.eye(2), 0.1, 0, torch.qint8))
    assert isinstance(result.exception, SpecError)
    assert "dequantize" in str(result.exception)


def graph_of(tmp_path: Path, tensor: Any, outputs: list[str] | None = None) -> Path:
    """A model of one Gemm with the stored tensor as its weight."""
    node = helper.make_node("Gemm", ["x", "w"], ["y"] if outputs is None else outputs)
    tensor.name = "w"
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 2]) for name in "xy")
    path = tmp_path / "model.onnx"
    path.write_bytes(helper.make_model(helper.make_graph([node], "g", [x], [y], [tensor])).SerializeToString())
    return path


def stored(dims: list[int], data_type: int) -> Any:
    return TensorProto(dims=dims, data_type=data_type, raw_data=b"\0" * 16)


@pytest.mark.parametrize(
    ("tensor", "said"),
    [
        (stored([2, 2], 77), "data type 77"),
        (stored([2, 2], TensorProto.COMPLEX64), "COMPLEX64"),
        (stored([-2, 2], TensorProto.FLOAT), "negative size"),
        (stored([1 << 20, 1 << 20], TensorProto.FLOAT), "at most"),
        (stored([3, 3], TensorProto.FLOAT), "cannot be read"),
    ],
)
def test_a_stored_tensor_that_cannot_be_one_is_one_line(tmp_path: Path, tensor: Any, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        read_stack(graph_of(tmp_path, tensor))


def test_a_node_without_outputs_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no output"):
        read_stack(graph_of(tmp_path, stored([2, 2], TensorProto.FLOAT), outputs=[]))


def test_whole_numbers_and_bfloat16_of_a_graph_are_kept(tmp_path: Path) -> None:
    (layer,) = read_stack(graph_of(tmp_path, numpy_helper.from_array(numpy.array([[16777217, 1], [2, 3]]))))
    assert layer.weight[0, 0] == 16777217
    bfloat = TensorProto(dims=[1, 2], data_type=TensorProto.BFLOAT16, raw_data=bytes([0xCD, 0x3D, 0x80, 0x3F]))
    (layer,) = read_stack(graph_of(tmp_path, bfloat))
    assert layer.weight.tolist() == [[0.10009765625, 1.0]]
