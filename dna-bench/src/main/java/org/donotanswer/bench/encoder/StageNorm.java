package org.donotanswer.bench.encoder;

/** What counts as harm. Immutable, hence thread-safe. */
enum StageNorm {
    /** What the sources agree on. */
    GENERAL,
    /** What the annotators of the benchmark call so, of which all instructions are risky. */
    BENCHMARK
}
