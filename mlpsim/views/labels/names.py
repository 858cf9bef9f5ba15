"""Display names of what the tables hold: activations, losses, optimizers, schedules, starts."""

from mlpsim.core.activations import Activation
from mlpsim.core.losses import Loss

_ACTIVATIONS = {
    "identity": "identity",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "softplus": "softplus",
    "gelu": "GELU",
    "sin": "sin",
}
_LOSSES = {
    "squared_error": "squared error",
    "half_squared_error": "half squared error",
    "absolute_error": "absolute error",
    "huber": "Huber",
    "hinge": "hinge",
    "bce_logits": "cross-entropy (binary)",
    "softmax_ce_logits": "cross-entropy (softmax)",
}
_LOSS_FORMULAS = {
    "squared_error": "eˢ = Σ (y − ŷ)²",
    "half_squared_error": "eˢ = ½ Σ (y − ŷ)²",
    "absolute_error": "eˢ = Σ |y − ŷ|",
    "huber": "eˢ = ½(y − ŷ)² near 0, δ·(|y − ŷ| − ½δ) beyond δ",
    "hinge": "eˢ = max(0, 1 − y·a), labels −1 and +1",
    "bce_logits": "eˢ = −y·ln ŷ − (1 − y)·ln(1 − ŷ) with ŷ = σ(z), labels 0 and 1",
    "softmax_ce_logits": "eˢ = −Σ y·ln ŷ with ŷ = softmax(z), one-hot labels",
}
_OPTIMIZERS = {
    "GradientDescent": "gradient descent",
    "Momentum": "momentum",
    "VariableRate": "variable learning rate",
    "AdaGrad": "AdaGrad",
    "RMSProp": "RMSProp",
    "Adam": "Adam",
    "AdamW": "AdamW",
    "Newton": "Newton’s method",
    "ConjugateGradient": "conjugate gradient",
    "LevenbergMarquardt": "Levenberg–Marquardt",
}
_SCHEDULES = {
    "Constant": "constant η",
    "InverseTime": "η / (1 + kt)",
    "StepDecay": "steps: η·γ^⌊t/m⌋",
    "Exponential": "exponential: η·γᵗ",
}
_STARTS = {
    "Given": "given",
    "Zeros": "zeros",
    "Uniform": "uniform (−r, r)",
    "GlorotUniform": "Glorot uniform",
    "GlorotNormal": "Glorot normal",
    "HeUniform": "He uniform",
    "HeNormal": "He normal",
}
_FEASIBLE = {"WholeSpace": "whole space", "Box": "box", "Ball": "ball"}
_ORDERS = {
    "without_replacement": "without replacement",
    "with_replacement": "with replacement",
    "cyclic": "cyclic (data order)",
    "given": "given by hand",
}
_ORDER_WORDS = {
    "without_replacement": "a fresh permutation each epoch, every sample once",
    "with_replacement": "independent draws; a sample may come twice",
    "cyclic": "always in the order of the data",
    "given": "the batches that you list, over and over",
}
_SCALINGS = {"batch_sum": "batch sum (lecture)", "unbiased": "unbiased"}
_SCALING_WORDS = {
    "batch_sum": "the gradients of the batch, added up: a smaller batch makes a smaller step",
    "unbiased": "scaled up to all samples: on average the gradient of J",
}
_FIELDS = {
    "lr_decay": "decay",
    "initial_accumulator": "start of s",
    "eps": "epsilon",
    "beta1": "gradient memory",
    "beta2": "square memory",
    "alpha": "memory",
    "centered": "centred",
    "nesterov": "Nesterov",
    "amsgrad": "AMSGrad",
    "saddle_free": "saddle-free: |∇²|",
    "l1": "L1",
    "l2": "L2",
    "include_bias": "also on biases",
    "gamma": "factor",
    "every": "interval",
}


def _class_name(spec: object) -> str:
    return (spec if isinstance(spec, type) else type(spec)).__name__


def activation_name(activation: Activation) -> str:
    return _ACTIVATIONS[activation.name]


def activation_symbol(activation: Activation) -> str:
    """The activation as a function in a formula: σ, tanh, …; empty for the identity."""
    symbols = {"sigmoid": "σ", "identity": ""}
    return symbols.get(activation.name, _ACTIVATIONS[activation.name])


def loss_name(loss: Loss) -> str:
    return _LOSSES[loss.name]


def loss_formula(loss: Loss, n_outputs: int) -> str:
    """eˢ = (y − ŷ)²; with more than one output the sum over them."""
    formula = _LOSS_FORMULAS[loss.name]
    return formula if n_outputs > 1 else formula.replace("Σ ", "")


def optimizer_name(optimizer: object) -> str:
    """The name of an optimizer or of its class; likewise below."""
    return _OPTIMIZERS[_class_name(optimizer)]


def schedule_name(schedule: object) -> str:
    return _SCHEDULES[_class_name(schedule)]


def start_name(start: object) -> str:
    return _STARTS[_class_name(start)]


def feasible_name(feasible: object) -> str:
    return _FEASIBLE[_class_name(feasible)]


def order_name(order: str) -> str:
    return _ORDERS[order]


def order_words(order: str) -> str:
    return _ORDER_WORDS[order]


def scaling_name(scaling: str) -> str:
    return _SCALINGS[scaling]


def scaling_words(scaling: str) -> str:
    return _SCALING_WORDS[scaling]


def generator_name(generator: object) -> str:
    return _class_name(generator).lower().replace("xor", "XOR")


def field_name(name: str) -> str:
    """The words for a spec's field."""
    return _FIELDS.get(name, name.replace("_", " "))
