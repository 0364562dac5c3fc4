package org.donotanswer.classifier.weights;

import java.util.List;

/** A tensor as a pickle describes it: elements of a storage, not yet validated against that storage. */
record TorchTensor(TorchStorage storage, long offset, List<Long> shape, List<Long> strides) {}
