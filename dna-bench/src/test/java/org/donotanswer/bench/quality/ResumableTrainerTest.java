package org.donotanswer.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumableTrainerTest {
    private static final List<TrainingExample> EXAMPLES = List.of(TrainingExample.builder("Boil an egg")
            .response("Secret recipe")
            .harmful(false)
            .build());
    private static final Exchange EXCHANGE = Exchange.of("Fry an egg", "Secret pan");

    @TempDir
    private Path directory;

    private final AtomicInteger trainings = new AtomicInteger();

    /** Its probabilities are those of the number of examples. */
    private record CountingEvaluator(int examples) implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            return Assessment.Scored.builder(name()).harmful(1.0 / 3 / examples).build();
        }

        @Override
        public Assessment evaluateInstruction(String instruction) {
            return Assessment.Scored.builder(name()).instructionRisk(0.1).build();
        }

        @Override
        public String name() {
            return "counting 1";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder("counting", "1").seed(7).build();
        }

        @Override
        public void close() {}
    }

    private SafetyEvaluator train(String variant, List<TrainingExample> examples, long seed) throws IOException {
        ModelTrainer trainer = (given, givenSeed) -> {
            trainings.incrementAndGet();
            return new CountingEvaluator(given.size());
        };
        return ResumableTrainer.of(trainer, variant, directory.resolve("state")).train(examples, seed);
    }

    private SafetyEvaluator train() throws IOException {
        return train("general", EXAMPLES, 1);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("state"))) {
            return files.toList();
        }
    }

    @Test
    void train_again_answersFromTheFile() throws IOException {
        Assessment first;
        try (SafetyEvaluator evaluator = train()) {
            first = evaluator.evaluate(EXCHANGE);
            evaluator.evaluateInstruction("Fry an egg");
        }

        try (SafetyEvaluator evaluator = train()) {
            assertThat(evaluator.evaluate(EXCHANGE)).isEqualTo(first);
            assertThat(evaluator.evaluateInstruction("Fry an egg").isScored()).isTrue();
            assertThat(evaluator.provenance()).isEqualTo(new CountingEvaluator(1).provenance());
            assertThat(evaluator.name()).isEqualTo("counting 1");
        }
        assertThat(trainings).hasValue(1);
    }

    @Test
    void train_anotherExchange_trainsAgainAndIsKept() throws IOException {
        train().close();
        try (SafetyEvaluator evaluator = train()) {
            evaluator.evaluate(EXCHANGE);
        }
        assertThat(trainings).hasValue(2);
        try (SafetyEvaluator evaluator = train()) {
            evaluator.evaluate(EXCHANGE);
            assertThat(trainings).hasValue(2);
            evaluator.evaluate(Exchange.of("Fry an egg", "Other"));
            assertThat(trainings).hasValue(3);
        }
        try (SafetyEvaluator evaluator = train()) {
            evaluator.evaluate(EXCHANGE);
            evaluator.evaluate(Exchange.of("Fry an egg", "Other"));
        }
        assertThat(trainings).hasValue(3);
    }

    @Test
    void train_anythingChanged_trainsAnew() throws IOException {
        List<TrainingExample> relabelled = List.of(TrainingExample.builder("Boil an egg")
                .response("Secret recipe")
                .harmful(true)
                .build());
        List<TrainingExample> reworded = List.of(TrainingExample.builder("Boil an egg")
                .response("Sacred recipe")
                .harmful(false)
                .build());
        List<SafetyEvaluator> all = List.of(
                train(),
                train("benchmark", EXAMPLES, 1),
                train("general", EXAMPLES, 2),
                train("general", relabelled, 1),
                train("general", reworded, 1));
        for (SafetyEvaluator evaluator : all) {
            evaluator.evaluate(EXCHANGE);
            evaluator.close();
            evaluator.close();
        }

        assertThat(files()).hasSize(5);
    }

    @Test
    void file_hasNoText() throws IOException {
        try (SafetyEvaluator evaluator = train()) {
            evaluator.evaluate(EXCHANGE);
        }

        assertThat(files()).hasSize(1);
        assertThat(Files.readString(files().get(0)))
                .doesNotContain("egg", "Secret")
                .contains("counting");
    }

    @Test
    void train_damagedFile_isAnError() throws IOException {
        try (SafetyEvaluator evaluator = train()) {
            evaluator.evaluate(EXCHANGE);
        }
        Path file = files().get(0);
        Files.writeString(file, "{\"name\":");

        assertThatThrownBy(this::train)
                .isInstanceOf(UncheckedIOException.class)
                .cause()
                .hasMessage("predictions must be readable, but were not: delete the file (" + file + ")");
    }

    @Test
    void evaluate_closed_isAnError() throws IOException {
        SafetyEvaluator evaluator = train();
        evaluator.close();

        assertThatThrownBy(() -> evaluator.evaluate(EXCHANGE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("RecordedEvaluator is closed");
    }
}
