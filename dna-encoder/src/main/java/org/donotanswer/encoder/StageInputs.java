package org.donotanswer.encoder;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** What both judges say about one text, for a {@link SecondStage}. Immutable, hence thread-safe. */
public final class StageInputs {
    private final WindowFeatures encoder;
    private final Scored embedded;
    private final boolean hasInstruction;
    private final boolean hasResponse;

    StageInputs(WindowFeatures encoder, Scored embedded, boolean hasInstruction, boolean hasResponse) {
        this.encoder = encoder;
        this.embedded = embedded;
        this.hasInstruction = hasInstruction;
        this.hasResponse = hasResponse;
    }

    /**
     * Returns the inputs for a text.
     *
     * @param windows the encoder's logits of all outputs for each window, finite: [windows][outputs]; at least one window
     * @param temperatures of each head, above 0, in the order of the outputs
     * @param embedded the embedded judge's assessment
     * @param hasInstruction whether there is an instruction; without, the encoder's opinion of it is not a feature
     * @param hasResponse whether there is a response, likewise
     */
    public static StageInputs of(
            List<float[]> windows,
            Map<HeadKind, Double> temperatures,
            Scored embedded,
            boolean hasInstruction,
            boolean hasResponse) {
        return new StageInputs(
                WindowFeatures.of(windows, List.copyOf(temperatures.keySet()), temperatures),
                embedded,
                hasInstruction,
                hasResponse);
    }

    /** Returns whether a head is the encoder's and about something that the text has. */
    public boolean reads(HeadKind head) {
        return encoder.hasHead(head) && (isOfInstruction(head) ? hasInstruction : hasResponse);
    }

    /** Returns whether a head is about the instruction. */
    static boolean isOfInstruction(HeadKind head) {
        return head == HeadKind.INSTRUCTION_RISK || head == HeadKind.HARM_TYPE;
    }

    /**
     * Returns the value of a feature for the head of an event; what is not known is 0.
     *
     * @param name as {@link SecondStage} has it
     * @throws IllegalArgumentException if there is no such feature, or the encoder has no such head of an event
     */
    public double feature(String name, HeadKind head) {
        return value(
                StageFeature.named(name)
                        .orElseThrow(
                                () -> new IllegalArgumentException("feature must be known, but was '" + name + "'")),
                head);
    }

    /** Returns the value of a feature for the head of an event. */
    double value(StageFeature feature, HeadKind head) {
        return switch (feature) {
            case BIAS -> 1;
            case ENCODER_MAX -> encoder.max(head);
            case ENCODER_MEAN -> encoder.mean(head);
            case ENCODER_FIRST -> encoder.first(head);
            case ENCODER_REFUSAL -> first(HeadKind.REFUSAL, hasResponse);
            case ENCODER_RISK -> first(HeadKind.INSTRUCTION_RISK, hasInstruction);
            case EMBEDDED -> embedded(head);
            case EMBEDDED_REFUSAL -> embedded(HeadKind.REFUSAL);
            case EMBEDDED_RISK -> embedded(HeadKind.INSTRUCTION_RISK);
            case LOG_WINDOWS -> encoder.logWindows();
        };
    }

    private double first(HeadKind head, boolean known) {
        return known && encoder.hasEvent(head) ? encoder.first(head) : 0;
    }

    private double embedded(HeadKind head) {
        OptionalDouble probability =
                switch (head) {
                    case HARMFUL -> embedded.harmful();
                    case REFUSAL -> embedded.refusalProbability();
                    case INSTRUCTION_RISK -> embedded.instructionRisk();
                    default -> throw new IllegalArgumentException("head must be that of an event, but was " + head);
                };
        return probability.isPresent() ? logOdds(probability.getAsDouble()) : 0;
    }

    private static double logOdds(double probability) {
        return WindowFeatures.clamp(Math.log(probability / (1 - probability)));
    }

    /**
     * Returns the log probability that the encoder gives to a class in the first window, at least -12.
     *
     * @throws IllegalArgumentException if it has no such head of classes
     */
    public double encoderLogProbability(HeadKind head, int index) {
        return encoder.logProbability(head, index);
    }

    /** Returns the log probability that the embedded judge gives to a class, at least -12; 0 for all if it gives none. */
    public double embeddedLogProbability(HeadKind head, int index) {
        Optional<? extends List<Double>> probabilities = head == HeadKind.ACTION
                ? embedded.actions().map(actions -> list(actions, ResponseAction.values()))
                : embedded.harmTypes().map(types -> list(types, HarmType.values()));
        return probabilities
                .map(list -> WindowFeatures.clamp(Math.log(list.get(index))))
                .orElse(0.0);
    }

    private static <E extends Enum<E>> List<Double> list(Distribution<E> distribution, E[] constants) {
        return List.of(constants).stream().map(distribution::probability).toList();
    }
}
