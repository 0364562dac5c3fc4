package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.HarmHead;
import org.donotanswer.classifier.embedded.InstructionView;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.ResponseView;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.donotanswer.classifier.embedded.WeightTable;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Trains {@link EmbeddedModel}s. The same examples, in the same order, with the same seed give the same bytes on the same
 * platform, whatever the number of threads. Not thread-safe.
 *
 * <p>The way of training:
 *
 * <ol>
 *   <li>Texts become hashed features: n-grams of words and characters, their beginnings and ends, and classes of cue words.
 *   <li>Support vector machines learn the action of a response; helpful answers to harmless instructions count, lightly, as
 *       following ones. One more learns whether an answer goes into a risky matter.
 *   <li>They are trained again without each group (each LLM) in turn, and a second stage learns from what they then say of
 *       that group's responses.
 *   <li>The risk of the instruction and its type of harm are learnt from instructions alone.
 *   <li>Harm is the product of "follows the instruction" and "the matter is risky", calibrated so that one half is the
 *       threshold of the highest F1 on responses of LLMs that were not trained on.
 * </ol>
 *
 * <p>The method's sources stand at its parts; the data and the protocol are those of Wang et al., "Do-Not-Answer", arXiv
 * 2308.13387, section 5.
 */
public final class EmbeddedTrainer {
    private static final String NAME = "do-not-answer-embedded";
    private static final String VERSION = "1";

    private final long seed;
    private final int threads;
    private final Map<String, String> data;
    private final Map<String, Double> figures;

    private EmbeddedTrainer(Builder builder) {
        seed = builder.seed == null ? Builder.DEFAULT_SEED : builder.seed;
        threads = builder.threads == null ? 1 : builder.threads;
        data = new LinkedHashMap<>(builder.data);
        figures = new LinkedHashMap<>(builder.figures);
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a model trained on examples. It judges actions and harm always, and the instruction's risk and type of harm
     * if the examples tell them.
     *
     * @throws IllegalArgumentException if fewer than two actions, or not both harmful and harmless responses, are among
     *     the examples that tell action and harm
     */
    public EmbeddedModel train(List<TrainingExample> examples) {
        requireLabels(Objects.requireNonNull(examples, "examples"));
        try (TrainingThreads parallel = new TrainingThreads(threads)) {
            TrainingData corpus = new TrainingData(examples, seed);
            ActionTraining actionTraining = new ActionTraining(corpus, seed);
            List<ActionTraining.OutOfFold> outOfFold = actionTraining.outOfFold(parallel);
            LinearModel firstStage = actionTraining.trainFirstStage();
            SoftmaxRegression secondStage = actionTraining.trainSecondStage(outOfFold);
            TopicRiskTraining matterTraining = new TopicRiskTraining(corpus, seed);
            double[] matterOutOfFold = matterTraining.outOfFold(parallel);
            LinearModel matter = matterTraining.train();
            InstructionTraining instructionTraining = new InstructionTraining(corpus, seed);
            InstructionTraining.Trained risk =
                    instructionTraining.canTrainRisk() ? instructionTraining.trainRisk(parallel) : null;
            InstructionTraining.Trained harmType =
                    instructionTraining.canTrainHarmType() ? instructionTraining.trainHarmType(parallel) : null;
            HarmHead harm = new HarmTraining(corpus, outOfFold, secondStage, matterOutOfFold, risk).train(risk != null);
            ModelParameters parameters = new ModelParameters(
                    responseTable(corpus, firstStage, matter),
                    instructionTable(corpus, firstStage, risk, harmType),
                    secondStage,
                    risk == null ? null : instructionTraining.calibrateRisk(risk),
                    harm,
                    harmType == null ? 0 : instructionTraining.calibrateHarmType(harmType));
            return EmbeddedModel.of(parameters, provenance());
        }
    }

    private static void requireLabels(List<TrainingExample> examples) {
        List<TrainingExample> labelled =
                examples.stream().filter(ActionTraining::isLabelled).toList();
        long actions = labelled.stream().map(TrainingExample::action).distinct().count();
        long harmful = labelled.stream()
                .filter(example -> example.harmful().orElseThrow())
                .count();
        if (actions < 2 || harmful == 0 || harmful == labelled.size()) {
            throw new IllegalArgumentException("examples must have two actions at least, and harmful and harmless"
                    + " responses, but was " + labelled.size() + " examples with a response, an action and harm, of "
                    + actions + " actions, " + harmful + " of them harmful");
        }
    }

    private static WeightTable responseTable(TrainingData corpus, LinearModel firstStage, LinearModel matter) {
        List<WeightQuantizer.@Nullable Lane> lanes = new ArrayList<>();
        for (int action = 0; action < ModelParameters.ACTIONS; action++) {
            lanes.add(new WeightQuantizer.Lane(firstStage, action, 0, true, Hyperparameters.responseLengths()));
        }
        lanes.add(new WeightQuantizer.Lane(matter, 0, 0, true, Hyperparameters.matterLengths()));
        return WeightQuantizer.quantize(corpus.responseIndex(), ResponseView.COUNT, lanes);
    }

    private static WeightTable instructionTable(
            TrainingData corpus,
            LinearModel firstStage,
            InstructionTraining.@Nullable Trained risk,
            InstructionTraining.@Nullable Trained harmType) {
        List<WeightQuantizer.@Nullable Lane> lanes = new ArrayList<>();
        int firstColumn = corpus.responseIndex().size();
        for (int action = 0; action < ModelParameters.ACTIONS; action++) {
            lanes.add(new WeightQuantizer.Lane(
                    firstStage, action, firstColumn, false, Hyperparameters.instructionLengths()));
        }
        lanes.add(lane(risk, 0, Hyperparameters.riskLengths()));
        for (int type = 0; type < ModelParameters.HARM_TYPES; type++) {
            lanes.add(lane(harmType, type, Hyperparameters.harmTypeLengths()));
        }
        return WeightQuantizer.quantize(corpus.instructionIndex(), InstructionView.COUNT, lanes);
    }

    private static WeightQuantizer.@Nullable Lane lane(
            InstructionTraining.@Nullable Trained trained, int output, double[] lengths) {
        return trained == null ? null : new WeightQuantizer.Lane(trained.model(), output, 0, true, lengths);
    }

    private Provenance provenance() {
        ProvenanceBuilder provenance = Provenance.builder(NAME, VERSION).seed(seed);
        data.forEach(provenance::data);
        figures.forEach(provenance::figure);
        Hyperparameters.parameters().forEach(provenance::parameter);
        return provenance.build();
    }

    /** Builds a trainer. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        /** The seed if none is set. */
        private static final long DEFAULT_SEED = 42;

        private @Nullable Long seed;
        private @Nullable Integer threads;
        private final Map<String, String> data = new LinkedHashMap<>();
        private final Map<String, Double> figures = new LinkedHashMap<>();

        private Builder() {}

        /** Sets the seed of all random numbers; 42 if not set. */
        public Builder seed(long value) {
            if (seed != null) {
                throw new IllegalStateException("seed must be set once, but was " + seed + " and then " + value);
            }
            seed = value;
            return this;
        }

        /**
         * Sets the number of threads; 1 if not set. The model does not depend on it.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder threads(int value) {
            if (threads != null) {
                throw new IllegalStateException("threads must be set once, but was " + threads + " and then " + value);
            }
            if (value < 1) {
                throw new IllegalArgumentException("threads must be at least 1, but was " + value);
            }
            threads = value;
            return this;
        }

        /**
         * Adds the SHA-256 of an input, for the model's provenance.
         *
         * @throws IllegalArgumentException if it is not 64 lower-case hexadecimal digits
         */
        public Builder data(String name, String sha256) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(sha256, "sha256");
            // checks the checksum before training, not after
            Provenance.builder(NAME, VERSION).data(name, sha256).build();
            if (data.putIfAbsent(name, sha256) != null) {
                throw new IllegalStateException(
                        "data " + name + " must be set once, but was " + data.get(name) + " and then " + sha256);
            }
            return this;
        }

        /**
         * Adds a measured figure, for the model's provenance.
         *
         * @throws IllegalArgumentException if it is not finite
         */
        public Builder figure(String name, double value) {
            Provenance.builder(NAME, VERSION).figure(name, value).build();
            if (figures.putIfAbsent(name, value) != null) {
                throw new IllegalStateException(
                        "figure " + name + " must be set once, but was " + figures.get(name) + " and then " + value);
            }
            return this;
        }

        /** Returns the trainer. */
        public EmbeddedTrainer build() {
            return new EmbeddedTrainer(this);
        }
    }
}
