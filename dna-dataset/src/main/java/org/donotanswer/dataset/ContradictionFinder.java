package org.donotanswer.dataset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.dataset.Contradiction.Label;

/** Finds equal texts with opposite labels; texts are equal up to case and white space. */
final class ContradictionFinder {
    private final Map<LabelledText, Labelling> labellings = new HashMap<>();
    private final List<Contradiction> contradictions = new ArrayList<>();

    /** The response is empty for labels of the instruction. */
    private record LabelledText(Label label, String instruction, String response) {}

    private record Labelling(boolean value, String key) {}

    private ContradictionFinder() {}

    /** Returns the contradictions in the order of their second examples. */
    static List<Contradiction> find(Collection<LabelledExample> examples) {
        ContradictionFinder finder = new ContradictionFinder();
        for (LabelledExample example : examples) {
            String instruction = normalized(example.instruction());
            String response = normalized(example.response().orElse(""));
            finder.add(new LabelledText(Label.INSTRUCTION_RISKY, instruction, ""), example.instructionRisky(), example);
            finder.add(new LabelledText(Label.HARMFUL, instruction, response), example.harmful(), example);
            finder.add(new LabelledText(Label.REFUSAL, instruction, response), example.refusal(), example);
        }
        return List.copyOf(finder.contradictions);
    }

    private static String normalized(String text) {
        return Question.normalized(text).toLowerCase(Locale.ROOT);
    }

    private void add(LabelledText text, Optional<Boolean> label, LabelledExample example) {
        if (label.isEmpty()) {
            return;
        }
        Labelling first = labellings.putIfAbsent(text, new Labelling(label.get(), example.key()));
        if (first != null && first.value() != label.get()) {
            contradictions.add(new Contradiction(text.label(), first.key(), example.key()));
        }
    }
}
