package org.donotanswer.classifier.transformer;

import java.util.List;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Dimension;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Literal;
import org.donotanswer.classifier.transformer.TorchScriptProgram.NamedArgument;

/**
 * A tensor of a program that is being written: a name rather than numbers. Each method writes one operation, which has
 * PyTorch's name unless stated otherwise, and returns its result. Arguments of type Object are integers or
 * {@link Dimension}s.
 */
record Tensor(Function function, String name) {
    /** TorchScript's number for 32-bit floats. */
    static final int FLOAT32 = 6;

    /**
     * Added to the score of a token that must not be attended to. It is finite, so that a row with nothing else stays
     * finite as well.
     */
    static final double MASKED = -1e30;

    private Tensor call(String operation, Object... arguments) {
        return function.call(operation, arguments);
    }

    Dimension size(int axis) {
        return function.dimension("(torch.size(" + name + "))[" + axis + "]");
    }

    Tensor plus(Tensor other) {
        return call("torch.add", this, other);
    }

    Tensor plus(Number other) {
        return call("torch.add", this, other);
    }

    Tensor minus(Tensor other) {
        return call("torch.sub", this, other);
    }

    Tensor minus(Number other) {
        return call("torch.sub", this, other);
    }

    Tensor times(Tensor other) {
        return call("torch.mul", this, other);
    }

    Tensor times(Object other) {
        return call("torch.mul", this, other);
    }

    Tensor dividedBy(Number other) {
        return call("torch.div", this, other);
    }

    Tensor dividedBy(Tensor other) {
        return call("torch.div", this, other);
    }

    Tensor matMul(Tensor other) {
        return call("torch.matmul", this, other);
    }

    Tensor reshape(Object... shape) {
        return call("torch.reshape", this, List.of(shape));
    }

    Tensor transpose(int first, int second) {
        return call("torch.transpose", this, first, second);
    }

    Tensor permute(Integer... axes) {
        return call("torch.permute", this, List.of(axes));
    }

    Tensor unsqueeze(int axis) {
        return call("torch.unsqueeze", this, axis);
    }

    Tensor select(int axis, int index) {
        return call("torch.select", this, axis, index);
    }

    /** Returns the elements from (inclusive) to (exclusive) along an axis, as a view. */
    Tensor slice(int axis, Object from, Object to) {
        return call("torch.slice", this, axis, from, to, 1);
    }

    Tensor contiguous() {
        return call("torch.contiguous", this);
    }

    Tensor concat(Tensor other, int axis) {
        return call("torch.cat", List.of(this, other), axis);
    }

    /** Returns this with zeros before and after along the second-last axis. */
    Tensor padRows(Object before, Object after) {
        return call("torch.constant_pad_nd", this, List.of(0, 0, before, after), 0);
    }

    /** Returns another view of this tensor's memory, starting at an offset. This tensor must be contiguous. */
    Tensor strided(List<?> shape, List<?> strides, int offset) {
        return call("torch.as_strided", this, shape, strides, offset);
    }

    /** Returns {@code this + weight * (end - this)}. */
    Tensor towards(Tensor end, Tensor weight) {
        return call("torch.lerp", this, end, weight);
    }

    Tensor lessThan(Object other) {
        return call("torch.lt", this, other);
    }

    Tensor greaterThan(Object other) {
        return call("torch.gt", this, other);
    }

    Tensor atLeast(Object other) {
        return call("torch.ge", this, other);
    }

    Tensor notEqual(Object other) {
        return call("torch.ne", this, other);
    }

    Tensor and(Tensor other) {
        return call("torch.logical_and", this, other);
    }

    Tensor or(Tensor other) {
        return call("torch.logical_or", this, other);
    }

    /** Returns 0 where this is false, and a score that attention ignores where it is true, as 32-bit floats. */
    Tensor asMask() {
        return toFloat().times(MASKED);
    }

    Tensor toFloat() {
        return call("torch.to", this, FLOAT32);
    }

    Tensor toLong() {
        return call("torch.to", this, 4);
    }

    Tensor cumulativeSum(int axis) {
        return call("torch.cumsum", this, axis);
    }

    /** Returns the smaller of each element and a limit. */
    Tensor atMost(int max) {
        return call("torch.clamp_max", this, max);
    }

    Tensor clamp(int min, int max) {
        return call("torch.clamp", this, min, max);
    }

    Tensor abs() {
        return call("torch.abs", this);
    }

    Tensor sign() {
        return call("torch.sign", this);
    }

    Tensor cos() {
        return call("torch.cos", this);
    }

    Tensor sin() {
        return call("torch.sin", this);
    }

    /** Returns the sums over an axis, which is removed. */
    Tensor sum(int axis) {
        return call("torch.sum", this, List.of(axis));
    }

    Tensor log() {
        return call("torch.log", this);
    }

    Tensor ceil() {
        return call("torch.ceil", this);
    }

    /** Returns elements of this where the condition holds, and elements of the other elsewhere. */
    Tensor where(Tensor condition, Tensor other) {
        return call("torch.where", condition, this, other);
    }

    /** Returns elements of the last axis by index. Both tensors have the same other axes. */
    Tensor gather(Tensor index) {
        return call("torch.gather", this, -1, index);
    }

    Tensor expand(Object... shape) {
        return call("torch.expand", this, List.of(shape));
    }

    Tensor softmax() {
        return call("torch.softmax", this, -1);
    }

    /**
     * Returns this with elements replaced by 0 at random and the others divided by {@code 1 - rate}, or this itself if
     * the rate is 0.
     */
    Tensor dropped(double rate) {
        return rate == 0 ? this : call("torch.dropout", this, rate, true);
    }

    Tensor sigmoid() {
        return call("torch.sigmoid", this);
    }

    /** Returns this with a function applied to every element. */
    Tensor activated(Activation activation) {
        return switch (activation) {
            case GELU -> call("torch.gelu", this);
            case GELU_TANH -> call("torch.gelu", this, new NamedArgument("approximate", Literal.quoted("tanh")));
            case RELU -> call("torch.relu", this);
            case SILU -> call("torch.silu", this);
            case TANH -> call("torch.tanh", this);
            case SIGMOID -> call("torch.sigmoid", this);
            case MISH -> call("torch.mish", this);
            case IDENTITY -> this;
        };
    }

    /** Returns the rows of a table of embeddings: ids [..] -> [.., size]. */
    Tensor embedded(String weight, long rows, long size) {
        return call("torch.embedding", function.weight(weight, rows, size), this);
    }

    /** Returns this normalised over the last axis: {@code weight * (x - mean) / sqrt(variance + epsilon) + bias}. */
    Tensor layerNorm(String layer, long size, double epsilon) {
        return layerNorm(layer, size, epsilon, true);
    }

    /** Returns this normalised over the last axis, with or without a bias. */
    Tensor layerNorm(String layer, long size, double epsilon, boolean biased) {
        return call(
                "torch.layer_norm",
                this,
                List.of(size),
                function.weight(layer + ".weight", size),
                biased ? function.weight(layer + ".bias", size) : Literal.NONE,
                epsilon);
    }
}
