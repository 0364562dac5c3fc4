package org.donotanswer.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The short round of the fuzz tests of a class, without a fuzzer: a fixed number of inputs for each, made by few edits of those
 * that its {@link MethodSource} returns, always the same ones. Stateless, hence thread-safe.
 */
public final class SeededRound {
    private static final int INPUTS = 300;
    private static final long SEED = 20_240_317;
    private static final int SHOWN_BYTES = 4096;

    private SeededRound() {}

    /** Returns a test for each fuzz test of the object. */
    public static Stream<DynamicTest> of(Object test) {
        return of(test, INPUTS);
    }

    /** Returns a test for each fuzz test of the object, with the given number of inputs. */
    public static Stream<DynamicTest> of(Object test, int inputs) {
        return Arrays.stream(test.getClass().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(FuzzTest.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(test, method, inputs)));
    }

    private static void run(Object test, Method method, int inputs) throws ReflectiveOperationException {
        method.setAccessible(true);
        ByteMutator mutator = new ByteMutator(originals(test, method), SEED);
        for (int i = 0; i < inputs; i++) {
            byte[] input = mutator.next();
            try {
                method.invoke(test, (Object) input);
            } catch (InvocationTargetException e) {
                byte[] shown = Arrays.copyOf(input, Math.min(input.length, SHOWN_BYTES));
                throw new AssertionError(
                        "input " + i + " of " + input.length + " bytes must be handled, but was not: "
                                + HexFormat.of().formatHex(shown),
                        e.getCause());
            }
        }
    }

    private static List<byte[]> originals(Object test, Method method) throws ReflectiveOperationException {
        List<byte[]> originals = new ArrayList<>();
        for (String name : method.getAnnotation(MethodSource.class).value()) {
            Method source = test.getClass().getDeclaredMethod(name);
            source.setAccessible(true);
            ((Stream<?>) source.invoke(null)).forEach(each -> originals.add((byte[]) each));
        }
        return originals;
    }
}
