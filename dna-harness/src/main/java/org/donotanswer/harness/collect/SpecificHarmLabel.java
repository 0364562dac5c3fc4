package org.donotanswer.harness.collect;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.internal.NameSuggestion;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/** Reads the column {@link TableColumn#SPECIFIC_HARM}. Messages suggest a name and never quote the cell. Stateless, hence thread-safe. */
final class SpecificHarmLabel {
    private static final String REQUIREMENT = "specificHarm must be a specific harm (docs/specific-harms.md), but was ";

    private SpecificHarmLabel() {}

    /**
     * Returns the specific harm of a row, by the name of its constant or a published label; empty if there is none.
     *
     * @throws IOException if there is no such harm
     */
    static Optional<SpecificHarm> read(TableRow row) throws IOException {
        Optional<String> label = row.label(TableColumn.SPECIFIC_HARM);
        if (label.isEmpty()) {
            return Optional.empty();
        }
        Optional<SpecificHarm> harm = parsed(label.get(), SpecificHarm::fromLabel);
        if (harm.isEmpty()) {
            throw row.error(REQUIREMENT + found(label.get()), TableColumn.SPECIFIC_HARM);
        }
        return harm;
    }

    /** The exception's message quotes the label. */
    private static <T> Optional<T> parsed(String label, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(label));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String found(String label) {
        Optional<HarmType> type = parsed(label, HarmType::fromLabel);
        if (type.isPresent()) {
            return "the harm type " + type.get() + ", which has " + names(harm -> harm.harmType() == type.get());
        }
        Optional<RiskArea> area = parsed(label, RiskArea::fromLabel);
        if (area.isPresent()) {
            return "the risk area " + area.get();
        }
        List<String> known =
                Arrays.stream(SpecificHarm.values()).map(SpecificHarm::name).toList();
        return "another" + NameSuggestion.suggestion(label.replaceAll("\\s+", "_"), known);
    }

    private static String names(Predicate<SpecificHarm> filter) {
        return Arrays.stream(SpecificHarm.values())
                .filter(filter)
                .map(SpecificHarm::name)
                .collect(Collectors.joining(", "));
    }
}
