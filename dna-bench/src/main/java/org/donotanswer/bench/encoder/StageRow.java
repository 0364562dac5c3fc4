package org.donotanswer.bench.encoder;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.encoder.StageInputs;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * An example that neither judge was trained on, with what both say of it. Immutable, hence thread-safe.
 *
 * @param example the example with its labels
 * @param isUnseenQuestion whether it is of the benchmark and its question was left out of the training, too
 * @param general what both say, the embedded judge in the general norm
 * @param benchmark the same in the benchmark's norm
 */
record StageRow(LabelledExample example, boolean isUnseenQuestion, Opinions general, Opinions benchmark) {
    /**
     * What both judges say in one norm. Immutable, hence thread-safe.
     *
     * @param embedded what the embedded judge says; the encoder judge leaves unscored what it does
     * @param inputs of the second stage; empty if the embedded judge left the example unscored
     */
    record Opinions(Assessment embedded, Optional<StageInputs> inputs) {}

    /**
     * Returns the row of an example.
     *
     * @param logits of the encoder: [windows][outputs]
     * @param temperatures of each head, in the order of the outputs
     * @param embedded what the embedded judge says in the general norm
     * @param embeddedBenchmark the same in the benchmark's norm
     */
    static StageRow of(
            LabelledExample example,
            boolean isUnseenQuestion,
            List<float[]> logits,
            Map<HeadKind, Double> temperatures,
            Assessment embedded,
            Assessment embeddedBenchmark) {
        return new StageRow(
                example,
                isUnseenQuestion,
                opinions(example, logits, temperatures, embedded),
                opinions(example, logits, temperatures, embeddedBenchmark));
    }

    private static Opinions opinions(
            LabelledExample example, List<float[]> logits, Map<HeadKind, Double> temperatures, Assessment embedded) {
        return new Opinions(
                embedded,
                embedded instanceof Scored scored
                        ? Optional.of(StageInputs.of(
                                logits,
                                temperatures,
                                scored,
                                !example.instruction().isBlank(),
                                example.response().isPresent()))
                        : Optional.empty());
    }

    /** Returns what both judges say in a norm. */
    Opinions in(StageNorm norm) {
        return norm == StageNorm.BENCHMARK ? benchmark : general;
    }

    /** Returns whether the example is one of the benchmark's. */
    boolean isBenchmark() {
        return example.source().equals(EmbeddedTrainer.BENCHMARK);
    }

    /** Returns whether both judges score the example in a norm, a head reads it, and it has a label for that. */
    boolean isLabelled(HeadKind head, StageNorm norm) {
        return in(norm).inputs().map(inputs -> inputs.reads(head)).orElse(false)
                && label(head).isPresent();
    }

    /** Returns the index of an example's label among those of a head; empty if it has none. */
    OptionalInt label(HeadKind head) {
        Optional<Integer> label =
                switch (head) {
                    case HARMFUL -> example.harmful().map(StageRow::index);
                    case REFUSAL ->
                        example.refusal()
                                .or(() -> example.action().map(action -> action == ResponseAction.CANNOT_ASSIST))
                                .map(StageRow::index);
                    case INSTRUCTION_RISK -> example.instructionRisky().map(StageRow::index);
                    case ACTION -> example.action().map(ResponseAction::ordinal);
                    case HARM_TYPE -> example.harmType().map(HarmType::ordinal);
                };
        return label.isPresent() ? OptionalInt.of(label.get()) : OptionalInt.empty();
    }

    private static int index(boolean event) {
        return event ? 1 : 0;
    }

    /** Returns the example's key, not its texts. */
    @Override
    public String toString() {
        return "StageRow[" + example.key() + "]";
    }
}
