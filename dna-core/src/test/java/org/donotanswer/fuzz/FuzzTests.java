package org.donotanswer.fuzz;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A class of fuzz tests, which every build runs in a short round. Its name ends in {@code FuzzTest}. */
public interface FuzzTests {
    /** Runs each fuzz test of the class without a fuzzer. */
    @TestFactory
    default Stream<DynamicTest> seededRound() {
        return SeededRound.of(this);
    }
}
