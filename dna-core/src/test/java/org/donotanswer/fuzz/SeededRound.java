package org.donotanswer.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The short round of the fuzz tests of a class, without a fuzzer: the valid inputs of each, those that are kept because they
 * once broke a reader, and a fixed number of inputs made by few edits of the valid ones, always the same. Stateless, hence
 * thread-safe.
 */
final class SeededRound {
    private static final int INPUTS = 200;
    private static final long SEED = 20_240_317;
    private static final int SHOWN_BYTES = 4096;

    private SeededRound() {}

    /** Returns a test for each fuzz test of the object. */
    static Stream<DynamicTest> of(Object test) {
        return FuzzTarget.of(test.getClass()).stream()
                .map(target -> DynamicTest.dynamicTest(target.method().getName(), () -> run(test, target)));
    }

    private static void run(Object test, FuzzTarget target) throws Exception {
        List<byte[]> seeds = target.seeds();
        for (byte[] seed : seeds) {
            run(test, target, seed, "valid input");
        }
        for (Path file : target.keptInputs()) {
            run(test, target, Files.readAllBytes(file), String.valueOf(file.getFileName()));
        }
        ByteMutator mutator = new ByteMutator(seeds, SEED);
        for (int i = 0; i < INPUTS; i++) {
            run(test, target, mutator.next(), "input " + i);
        }
    }

    private static void run(Object test, FuzzTarget target, byte[] input, String name) {
        try {
            target.run(test, input);
        } catch (Throwable e) {
            byte[] shown = Arrays.copyOf(input, Math.min(input.length, SHOWN_BYTES));
            throw new AssertionError(
                    name + " of " + input.length + " bytes must be handled, but was not: "
                            + HexFormat.of().formatHex(shown),
                    e);
        }
    }
}
