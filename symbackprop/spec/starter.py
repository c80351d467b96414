"""The commented spec that ``symbackprop new`` writes: a small network that loads as it is.

A line that begins with ``# `` explains; one that begins with ``#`` and a key or a table is an option, ready to be used when
its ``#`` is taken away. Both languages hold the same keys and values.
"""

from __future__ import annotations

from symbackprop.spec.names import MAX_TITLE, UNPRINTABLE

ENGLISH = """\
# A network for symbackprop. Lines that begin with # are notes, or options: take the # away to use one.
# Numbers are exact: 0.1 is 1/10. Text such as "0.1", "1e-3" or "1/3" is read as a number, too.

title = @TITLE@
# The language of the pages: "en" or "zh".
lang = "en"
# How quantities are written: "document", "ng", "nielsen", "goodfellow", "bishop", "d2l", "mazur", "zhou", "nndl".
#notation = "nielsen"
# How many significant digits the pages show.
digits = 5

# One sample: the values that go into the network, and the values that should come out.
# For a batch, write rows: [[0.5, 0.8], [0.1, 0.9]].
input = [0.5, 0.8]
target = [1, 0]

# Each update is: weight - learning_rate * gradient.
learning_rate = 0.1
# How many updates; the page shows the first in full, then the course of the loss. epochs = 5 counts rounds of all samples.
#steps = 10
# How many samples go into one update; without this key, all of them.
#batch_size = 1
# What input and target are called.
#input_name = "x"
#target_name = "y"

# The loss: "cross_entropy", "binary_cross_entropy", "squared_error", "absolute_error", "huber", "hinge", "none" (an output
# itself), or an expression in the output o and the target y, such as "(o - y)^4".
[loss]
kind = "cross_entropy"
# "sum" or "mean" over the outputs.
outputs = "sum"
# "mean" or "sum" over the samples of a batch.
batch = "mean"
# The loss is multiplied by this number. Many books put "1/2" before a squared error.
factor = 1

# Adds l2 times the sum of all squared weights to the loss; with on = "all", of the biases too.
#[penalty]
#l2 = 0.01
#on = "weights"

# The rule of the update: "sgd", "momentum" (with momentum = 0.9) or "adam" (with beta1, beta2, epsilon).
# bias = false keeps the biases as they are.
#[update]
#rule = "momentum"
#momentum = 0.9
#bias = false

# Works like a person with a calculator: each intermediate result is carried as it is shown.
# decimals counts the digits after the point. Or give digits: it counts the significant ones.
#[rounding]
#mode = "sequential"
#decimals = 4

# Stated figures, which are carried in place of the computed ones. The pages mark them.
#[given]
#h1_out = [0.61, 0.57]

# One [[layer]] for each layer, from the first to the output. It computes activation(input * W + b).
# activation: "relu", "leaky_relu", "elu", "softplus", "sigmoid", "tanh", "silu", "gelu", "exp", "identity", "softmax", or an
# expression in z, such as "z / (1 + |z|)".
# W has one row for each value that comes in, and one column for each unit of the layer.
# If yours is written the other way round, add: orientation = "column". From a file: W = { file = "weights.csv" }.
# b has one value for each unit, or is a single number that all units share. A layer without bias has neither bias nor b.
[[layer]]
name = "h1"
activation = "sigmoid"
weight = "W1"
W = [
  [0.2, -0.4],
  [0.5, 0.1],
]
bias = "b1"
b = [0.1, 0.2]
# frozen = "weights", "bias" or "all" keeps parameters of this layer as they are.
#frozen = "weights"

[[layer]]
name = "O"
activation = "softmax"
weight = "W2"
W = [
  [0.3, 0.6],
  [-0.2, 0.4],
]
bias = "b2"
b = [0, 0.1]
"""

CHINESE = """\
# symbackprop 的网络文件。以 # 开头的行是说明或选项；去掉选项行首的 # 即可启用。
# 数值是精确的：0.1 就是 1/10。也可以写成文本，如 "0.1"、"1e-3"、"1/3"。

title = @TITLE@
# 页面的语言："zh" 或 "en"。
lang = "zh"
# 符号的写法："document"、"ng"、"nielsen"、"goodfellow"、"bishop"、"d2l"、"mazur"、"zhou"（周志华）、"nndl"（邱锡鹏）。
#notation = "nielsen"
# 页面显示几位有效数字。
digits = 5

# 一个样本：输入网络的值，和希望得到的输出值。
# 多个样本（批量）写成多行：[[0.5, 0.8], [0.1, 0.9]]。
input = [0.5, 0.8]
target = [1, 0]

# 每次更新：权重 - 学习率 * 梯度。
learning_rate = 0.1
# 更新几次；页面完整写出第一次，再给出损失的变化。也可以用 epochs = 5，按遍历全部样本的轮数计。
#steps = 10
# 每次更新用几个样本；不写则用全部样本。
#batch_size = 1
# 输入和目标值的名称。
#input_name = "x"
#target_name = "y"

# 损失函数："cross_entropy"（交叉熵）、"binary_cross_entropy"（二元交叉熵）、"squared_error"（平方误差）、"absolute_error"、
# "huber"、"hinge"、"none"（输出本身），或用输出 o 和目标 y 写的式子，如 "(o - y)^4"。
[loss]
kind = "cross_entropy"
# 对各个输出求和 "sum" 或求平均 "mean"。
outputs = "sum"
# 对批量中的样本求平均 "mean" 或求和 "sum"。
batch = "mean"
# 损失乘以这个数。许多书在平方误差前写 "1/2"。
factor = 1

# 在损失上加 l2 乘以所有权重的平方和；on = "all" 时也包括偏置。
#[penalty]
#l2 = 0.01
#on = "weights"

# 更新规则："sgd"、"momentum"（参数 momentum = 0.9）或 "adam"（参数 beta1、beta2、epsilon）。
# bias = false 表示偏置保持不变。
#[update]
#rule = "momentum"
#momentum = 0.9
#bias = false

# 像用计算器手算一样：每个中间结果按显示的数字继续计算。
# decimals 是小数位数。也可以改写 digits，即有效数字的位数。
#[rounding]
#mode = "sequential"
#decimals = 4

# 给定的数值：代替算出的值参与计算。页面上会标明。
#[given]
#h1_out = [0.61, 0.57]

# 每一层写一个 [[layer]]，从第一层到输出层。每层计算 activation(输入 * W + b)。
# activation（激活函数）："relu"、"leaky_relu"、"elu"、"softplus"、"sigmoid"、"tanh"、"silu"、"gelu"、"exp"、"identity"、
# "softmax"，或用 z 写的式子，如 "z / (1 + |z|)"。
# W 的每一行对应一个输入值，每一列对应本层的一个神经元。
# 如果你的矩阵是转置的写法，加上：orientation = "column"。也可以取自文件：W = { file = "weights.csv" }。
# b 对每个神经元有一个值，或者只有一个数，由所有神经元共用。没有偏置的层不写 bias 和 b。
[[layer]]
name = "h1"
activation = "sigmoid"
weight = "W1"
W = [
  [0.2, -0.4],
  [0.5, 0.1],
]
bias = "b1"
b = [0.1, 0.2]
# frozen = "weights"、"bias" 或 "all" 表示本层的这些参数保持不变。
#frozen = "weights"

[[layer]]
name = "O"
activation = "softmax"
weight = "W2"
W = [
  [0.3, 0.6],
  [-0.2, 0.4],
]
bias = "b2"
b = [0, 0.1]
"""


def starter_spec(name: str, lang: str = "en") -> str:
    """A spec of a 2-2-2 network with the title ``name``, each key explained in English, or in Chinese for ``zh``."""
    text = CHINESE if lang == "zh" else ENGLISH
    title = UNPRINTABLE.sub("", name)[:MAX_TITLE].replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("@TITLE@", f'"{title}"')
