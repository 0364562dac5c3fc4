package org.donotanswer.bench.soak;

import java.util.SplittableRandom;

/** What a thread does under load, and how often. Immutable, hence thread-safe. */
enum SoakOperation {
    EVALUATE(30),
    EVALUATE_ALL(5),
    EVALUATE_BY_ID(5),
    EVALUATE_INSTRUCTION(5),
    CHECK(15),
    CHECK_ON_THREADS(8),
    CHECK_CACHED(15),
    CHECK_CONVERSATION(8),
    CHECK_INSTRUCTION(5),
    STREAM(10),
    ITERATE(4),
    OPEN_EVALUATOR(1),
    RELOAD_POLICY(1),
    EVALUATE_FILE(1),
    FAULT(4);

    private static final int SUM;

    static {
        int sum = 0;
        for (SoakOperation operation : values()) {
            sum += operation.weight;
        }
        SUM = sum;
    }

    private final int weight;

    SoakOperation(int weight) {
        this.weight = weight;
    }

    static SoakOperation draw(SplittableRandom random) {
        int left = random.nextInt(SUM);
        for (SoakOperation operation : values()) {
            left -= operation.weight;
            if (left < 0) {
                return operation;
            }
        }
        throw new AssertionError("weights must add up");
    }
}
