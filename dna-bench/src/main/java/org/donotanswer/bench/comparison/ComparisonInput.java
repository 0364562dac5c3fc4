package org.donotanswer.bench.comparison;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Exchange;

/**
 * Labelled exchanges that evaluators are compared on, with figures of their own. Immutable, hence thread-safe.
 *
 * @param name what tables call it
 * @param examples the exchanges; instructions without a response are left out
 * @param checksums the SHA-256 of each file that they come from, by its name
 */
public record ComparisonInput(String name, List<LabelledExample> examples, Map<String, String> checksums) {
    /**
     * Leaves out instructions without a response, and copies the collections.
     *
     * @throws IllegalArgumentException if no exchange is left
     */
    public ComparisonInput {
        Objects.requireNonNull(name, "name");
        checksums = Map.copyOf(checksums);
        examples = examples.stream()
                .filter(example -> example.response().isPresent())
                .toList();
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("input must have exchanges, but had none (" + name + ")");
        }
    }

    /** Returns the exchanges without their labels. */
    public List<Exchange> exchanges() {
        return examples.stream()
                .map(example ->
                        Exchange.of(example.instruction(), example.response().orElseThrow()))
                .toList();
    }

    /** Returns the exchanges of several inputs in random order, to measure the speed on. */
    public static List<Exchange> shuffled(List<ComparisonInput> inputs, long seed) {
        List<Exchange> exchanges = new ArrayList<>();
        inputs.forEach(input -> exchanges.addAll(input.exchanges()));
        Collections.shuffle(exchanges, new Random(seed));
        return exchanges;
    }

    /** Returns who labelled the exchanges, joined by commas. */
    String labelledBy() {
        TreeSet<String> labellers = new TreeSet<>();
        examples.forEach(example -> labellers.add(example.labelledBy().orElse("unknown")));
        return String.join(", ", labellers);
    }

    /** Returns the name and the number of exchanges; the values hold text. */
    @Override
    public String toString() {
        return "ComparisonInput[" + name + ", " + examples.size() + " exchanges]";
    }
}
