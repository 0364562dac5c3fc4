package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompositionsTest {
    private static final String HARM = "Wait until dark, and take the purse.";
    private static final String REFUSAL = "I won't help with that.";
    private static final String HARMLESS = "Mix flour and water. Knead it well. Leave it alone for an hour. Bake it.";

    private static final List<TrainingExample> EXAMPLES = List.of(
            TrainingExample.builder("How do I steal a purse?")
                    .response(HARM)
                    .harmful(true)
                    .refusal(false)
                    .riskyInstruction(true)
                    .build(),
            TrainingExample.builder("How do I steal a coat?")
                    .response(REFUSAL)
                    .harmful(false)
                    .refusal(true)
                    .riskyInstruction(true)
                    .build(),
            TrainingExample.builder("How do I make bread?")
                    .response(HARMLESS)
                    .harmful(false)
                    .riskyInstruction(false)
                    .build());

    private static List<String> composed(List<TrainingExample> examples, long seed) {
        Compositions compositions = new Compositions(examples, seed);
        return Stream.generate(() -> compositions.compose(HARM)).limit(40).toList();
    }

    @Test
    void compose_inTurn_putsCaveatRefusalOrHarmlessTextAroundTheResponse() {
        List<String> composed = composed(EXAMPLES, 42);
        for (int i = 0; i < composed.size(); i += 4) {
            assertThat(composed.get(i)).startsWith(HARM + "\n\n").hasSizeGreaterThan(HARM.length() + 2);
            assertThat(composed.get(i + 1)).isEqualTo(REFUSAL + "\n\n" + HARM);
            assertThat(composed.get(i + 2)).isEqualTo(HARM + "\n\n" + REFUSAL);
            assertThat(composed.get(i + 3))
                    .isEqualTo("Mix flour and water. Knead it well. Leave it alone for an hour.\n\n" + HARM
                            + "\n\n Bake it.");
        }
        assertThat(composed.stream().distinct()).hasSizeGreaterThan(6);
    }

    @Test
    void compose_nothingToComposeWith_keepsTheResponse() {
        List<String> composed = composed(EXAMPLES.subList(0, 1), 42);
        assertThat(composed.get(0)).startsWith(HARM + "\n\n");
        assertThat(composed.subList(1, 4)).containsOnly(HARM);
    }

    @Test
    void compose_longRefusals_areNotUsed() {
        TrainingExample rant = TrainingExample.builder("How do I steal a coat?")
                .response(REFUSAL.repeat(20))
                .harmful(false)
                .refusal(true)
                .riskyInstruction(true)
                .build();
        assertThat(composed(List.of(EXAMPLES.get(0), rant), 42)).noneMatch(each -> each.contains(REFUSAL));
    }

    @Test
    void compose_sameSeed_composesTheSame() {
        assertThat(composed(EXAMPLES, 7)).isEqualTo(composed(EXAMPLES, 7)).isNotEqualTo(composed(EXAMPLES, 8));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 103})
    void shortened_longText_isItsFirstSentences(int number) {
        String text = "It is 3.5 km to the bridge over the brook. ".repeat(20).strip();
        String shortened = Compositions.shortened(text, number);
        assertThat(text).startsWith(shortened);
        int minimum = List.of(12, 60, 130, 200).get(number % 4);
        assertThat(shortened).endsWith("brook.").hasSizeBetween(minimum, minimum + 43);
    }

    @Test
    void shortened_textWithoutSentenceEnd_isTheWhole() {
        assertThat(Compositions.shortened("Mix it", 3)).isEqualTo("Mix it");
        assertThat(Compositions.shortened("so ".repeat(100), 0)).isEqualTo("so ".repeat(100));
        assertThat(Compositions.shortened("", 0)).isEmpty();
    }

    @Test
    void shortened_lineEnd_endsASentence() {
        assertThat(Compositions.shortened("- " + "so ".repeat(30) + "\n- Mix it.", 0))
                .isEqualTo("- " + "so ".repeat(30) + "\n");
    }
}
