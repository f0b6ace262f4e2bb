"""The network as an ONNX graph, built node by node: the exporter of the training framework warns about every LSTM
and names outputs by accident; this graph is small enough to write down."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import features
from model import ABOVE, BASES, BELOW, LEVELS, OUTPUTS, STANDING

STEPS = features.STEPS
SEQUENCE_END = features.WINDOW * 3
FUTURE_END = SEQUENCE_END + STEPS * 2
OPSET = 17


class Builder:
    def __init__(self):
        self.nodes, self.weights = [], []

    def const(self, name, values, dtype=np.int64):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=dtype), name))
        return name

    def add(self, kind, inputs, name, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"{kind}_{name}", **attributes))
        return name

    def cut(self, source, axis, start, end, name):
        bounds = [self.const(f"{name}_{part}", [value]) for part, value in
                  (("start", start), ("end", end), ("axis", axis))]
        return self.add("Slice", [source, *bounds], name)

    def shape(self, source, dims, name):
        return self.add("Reshape", [source, self.const(f"{name}_dims", dims)], name)

    def linear(self, source, layer, name):
        weight = self.const(f"{name}_weight", layer.weight.detach().numpy(), np.float32)
        bias = self.const(f"{name}_bias", layer.bias.detach().numpy(), np.float32)
        return self.add("Gemm", [source, weight, bias], name, transB=1)


def export(network, seed):
    """The model as bytes, the same for the same weights."""
    if network.shape != STANDING:
        raise ValueError(f"{network.shape}: the graph is that of {STANDING}")
    build = Builder()
    squeezed = build.add("Asinh", ["features"], "squeezed")
    out = _head(build, network, squeezed, _lstm(build, network.lstm, squeezed))
    median = build.add("Add", [_mix(build, out), build.cut(out, 2, BASES, BASES + 1, "correction")], "median")
    _levels(build, out, median)
    batch = "batch"
    body = helper.make_graph(
        build.nodes, "demand",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [batch, features.WIDTH])],
        [helper.make_tensor_value_info("quantiles", TensorProto.FLOAT, [batch, STEPS, len(LEVELS)])],
        build.weights)
    model = helper.make_model(body, producer_name="shardstore-training",
                              opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    facts = {"format": "1", "layout": str(features.LAYOUT), "levels": ",".join(str(level) for level in LEVELS),
             "seed": str(seed), "steps": str(STEPS), "window": str(features.WINDOW)}
    for key in sorted(facts):
        entry = model.metadata_props.add()
        entry.key, entry.value = f"shardstore.{key}", facts[key]
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def _lstm(build, layer, squeezed):
    sequence = build.cut(squeezed, 1, 0, SEQUENCE_END, "sequence")
    steps = build.shape(sequence, [-1, features.WINDOW // STANDING.patch, STANDING.patch * 3], "patches")
    walked = build.add("Transpose", [steps], "walked", perm=[1, 0, 2])
    arrays = {name: _reordered(getattr(layer, name).detach().numpy())
              for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")}
    inputs = [
        walked,
        build.const("lstm_w", arrays["weight_ih_l0"][None], np.float32),
        build.const("lstm_r", arrays["weight_hh_l0"][None], np.float32),
        build.const("lstm_b", np.concatenate([arrays["bias_ih_l0"], arrays["bias_hh_l0"]])[None], np.float32),
    ]
    build.nodes.append(
        helper.make_node("LSTM", inputs, ["", "state"], name="LSTM_state", hidden_size=STANDING.hidden))
    return build.add("Squeeze", ["state", build.const("state_axis", [0])], "memory")


def _reordered(gates):
    """Gates in the order of ONNX (input, output, forget, cell) from that of torch (input, forget, cell, output)."""
    i, f, g, o = np.split(gates, 4)
    return np.concatenate([i, o, f, g])


def _head(build, network, squeezed, memory):
    rest = build.cut(squeezed, 1, SEQUENCE_END, features.WIDTH, "rest")
    joined = build.add("Concat", [memory, rest], "joined", axis=1)
    wide = build.add("Relu", [build.linear(joined, network.hidden, "hidden")], "wide")
    flat = build.linear(wide, network.out, "flat")
    return build.shape(flat, [-1, STEPS, OUTPUTS // STEPS], "out")


def _mix(build, out):
    """Gates times the four plain forecasts, summed."""
    future = build.shape(build.cut("features", 1, SEQUENCE_END, FUTURE_END, "future_flat"), [-1, STEPS, 2], "future")
    now = build.shape(build.cut("features", 1, FUTURE_END, FUTURE_END + 2, "now_flat"), [-1, 1, 2], "now")
    change = build.add("Sub", [future, now], "change")
    profile = build.cut(future, 2, 1, 2, "profile")
    mean = build.shape(build.cut("features", 1, FUTURE_END + 5, FUTURE_END + 6, "mean_flat"), [-1, 1, 1], "mean")
    means = build.add("Expand", [mean, build.const("means_dims", [1, STEPS, 1])], "means")
    bases = build.add("Concat", [change, profile, means], "bases", axis=2)
    product = build.add("Mul", [bases, build.cut(out, 2, 0, BASES, "gates")], "product")
    return build.add("ReduceSum", [product, build.const("mixed_axis", [2])], "mixed", keepdims=1)


def _levels(build, out, median):
    gaps = build.add("Softplus", [build.cut(out, 2, BASES + 1, OUTPUTS // STEPS, "raw_gaps")], "gaps")
    gap = [build.cut(gaps, 2, i, i + 1, f"gap{i}") for i in range(BELOW + ABOVE)]
    below = build.add("Sub", [median, gap[0]], "below")
    parts = [build.add("Sub", [below, gap[1]], "lowest"), below, median]
    for i in range(ABOVE):
        parts.append(build.add("Add", [parts[-1], gap[BELOW + i]], f"above{i}"))
    build.add("Concat", parts, "quantiles", axis=2)
