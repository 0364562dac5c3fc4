package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.HarmHead;
import org.donotanswer.classifier.embedded.HarmView;
import org.donotanswer.classifier.embedded.InstructionView;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.ResponseView;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.donotanswer.classifier.embedded.WeightTable;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Trains {@link EmbeddedModel}s. The same examples in the same order with the same seed give a model with the same bytes on
 * the same platform, for any number of threads. Not thread-safe.
 *
 * <p>Training has these steps:
 *
 * <ol>
 *   <li>Extract hashed features of the texts: n-grams of words and characters, the starts and ends of texts, and classes of
 *       cue words.
 *   <li>Train the instruction risk and the harm type on instructions alone.
 *   <li>Train linear models for harm and refusal on what responses say, without some of the sources in turn. Train second
 *       stages on their margins for the sources left out, with the instruction risk, so that the probabilities are calibrated
 *       on sources that the model has not seen.
 *   <li>Train linear models for actions, without some of the groups (the LLMs) in turn. Train a second stage on
 *       their outputs for the groups left out.
 *   <li>Train the second stages again on the benchmark alone, for its own norm: see
 *       {@link org.donotanswer.classifier.embedded.EmbeddedEvaluator.Builder#benchmarkNorm}.
 * </ol>
 *
 * <p>Each part cites its sources. The data and the protocol are those of Wang et al., "Do-Not-Answer", arXiv 2308.13387,
 * section 5.
 */
public final class EmbeddedTrainer {
    private static final String NAME = "do-not-answer-embedded";
    private static final String VERSION = "2";

    /** The prefix of the names of the figures for sources that the model for harm had not seen. */
    private static final String HELD_OUT = "heldOut/";

    /** The {@linkplain TrainingExample#source source} of examples that the annotators of the benchmark labelled. */
    public static final String BENCHMARK = "do-not-answer";

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
     * Returns a model trained on examples. It always has heads for actions and harm, and has heads for the instruction risk
     * and the harm type if the examples have labels for them.
     *
     * @throws IllegalArgumentException if the examples that are labelled with action and harm have fewer than two distinct
     *     actions, or are all harmful, or all harmless
     */
    public EmbeddedModel train(List<TrainingExample> examples) {
        requireLabels(Objects.requireNonNull(examples, "examples"));
        try (TrainingThreads parallel = new TrainingThreads(threads)) {
            TrainingData trainingData = new TrainingData(examples, seed);
            InstructionTraining instructionTraining = new InstructionTraining(trainingData, seed);
            InstructionTraining.TrainedModel risk =
                    instructionTraining.canTrainRisk() ? instructionTraining.trainRisk(parallel) : null;
            InstructionTraining.TrainedModel harmType =
                    instructionTraining.canTrainHarmType() ? instructionTraining.trainHarmType(parallel) : null;
            HarmTraining harmTraining = new HarmTraining(trainingData, seed);
            List<HarmTraining.OutOfFoldMargins> harmOutOfFold = harmTraining.outOfFold(parallel);
            LinearModel harm = harmTraining.train();
            ActionTraining actionTraining = new ActionTraining(trainingData, harmOutOfFold, seed);
            List<ActionTraining.OutOfFoldMargins> outOfFold = actionTraining.outOfFold(parallel);
            LinearModel actions = actionTraining.trainFirstStage();
            HarmStage harmStage = new HarmStage(trainingData, harmTraining, harmOutOfFold, risk);
            HarmHead general = harmStage.trainGeneral();
            ModelParameters parameters = new ModelParameters(
                    responseTable(trainingData, actions),
                    instructionTable(trainingData, actions, risk, harmType),
                    harmTable(trainingData, harm),
                    new ModelParameters.Norm(actionTraining.trainGeneralStage(outOfFold), general),
                    benchmarkNorm(actionTraining.trainBenchmarkStage(outOfFold), harmStage, outOfFold),
                    risk == null ? null : instructionTraining.calibrateRisk(risk),
                    harmStage.calibrateRefusal(),
                    harmType == null ? 0 : instructionTraining.calibrateHarmType(harmType));
            return EmbeddedModel.of(parameters, provenance(harmStage.figures(general)));
        }
    }

    private static ModelParameters.@Nullable Norm benchmarkNorm(
            @Nullable SoftmaxRegression actions, HarmStage harmStage, List<ActionTraining.OutOfFoldMargins> outOfFold) {
        HarmHead harm = actions == null ? null : harmStage.trainBenchmark(actions, outOfFold);
        return harm == null ? null : new ModelParameters.Norm(actions, harm);
    }

    private static void requireLabels(List<TrainingExample> examples) {
        List<TrainingExample> labelled =
                examples.stream().filter(ActionTraining::isLabelled).toList();
        long actions = labelled.stream().map(TrainingExample::action).distinct().count();
        long harmful = labelled.stream()
                .filter(example -> example.harmful().orElseThrow())
                .count();
        if (actions < 2 || harmful == 0 || harmful == labelled.size()) {
            throw new IllegalArgumentException(
                    "examples must include at least two actions, and both harmful and harmless"
                            + " responses, but were " + labelled.size()
                            + " responses labelled with action and harm, with "
                            + actions + " distinct actions, " + harmful + " of them harmful");
        }
    }

    private static WeightTable responseTable(TrainingData trainingData, LinearModel actions) {
        List<WeightQuantizer.@Nullable Lane> lanes = new ArrayList<>();
        for (int output = 0; output < ModelParameters.RESPONSE_LANES; output++) {
            lanes.add(new WeightQuantizer.Lane(actions, output, 0, true, Hyperparameters.responseLengths()));
        }
        return WeightQuantizer.quantize(trainingData.responseIndex(), ResponseView.COUNT, lanes);
    }

    private static WeightTable harmTable(TrainingData trainingData, LinearModel harm) {
        List<WeightQuantizer.@Nullable Lane> lanes = new ArrayList<>();
        for (int output = 0; output < ModelParameters.HARM_LANES; output++) {
            lanes.add(new WeightQuantizer.Lane(harm, output, 0, true, Hyperparameters.harmLengths()));
        }
        return WeightQuantizer.quantize(trainingData.harmIndex(), HarmView.COUNT, lanes);
    }

    private static WeightTable instructionTable(
            TrainingData trainingData,
            LinearModel actions,
            InstructionTraining.@Nullable TrainedModel risk,
            InstructionTraining.@Nullable TrainedModel harmType) {
        List<WeightQuantizer.@Nullable Lane> lanes = new ArrayList<>();
        int afterResponses = trainingData.responseIndex().size();
        for (int action = 0; action < ModelParameters.ACTIONS; action++) {
            lanes.add(actionLane(actions, action, afterResponses));
        }
        lanes.add(lane(risk, 0, Hyperparameters.riskLengths()));
        for (int type = 0; type < ModelParameters.HARM_TYPES; type++) {
            lanes.add(lane(harmType, type, Hyperparameters.harmTypeLengths()));
        }
        lanes.add(actionLane(actions, ModelParameters.BENCHMARK_HARM_LANE, afterResponses));
        return WeightQuantizer.quantize(trainingData.instructionIndex(), InstructionView.COUNT, lanes);
    }

    private static WeightQuantizer.Lane actionLane(LinearModel actions, int output, int firstColumn) {
        return new WeightQuantizer.Lane(actions, output, firstColumn, false, Hyperparameters.instructionLengths());
    }

    private static WeightQuantizer.@Nullable Lane lane(
            InstructionTraining.@Nullable TrainedModel trained, int output, double[] lengths) {
        return trained == null ? null : new WeightQuantizer.Lane(trained.model(), output, 0, true, lengths);
    }

    private Provenance provenance(Map<String, Double> heldOut) {
        ProvenanceBuilder provenance = Provenance.builder(NAME, VERSION).seed(seed);
        data.forEach(provenance::data);
        heldOut.forEach((figure, value) -> provenance.figure(HELD_OUT + figure, value));
        figures.forEach(provenance::figure);
        Hyperparameters.parameters().forEach(provenance::parameter);
        return provenance.build();
    }

    /** Builds a trainer. Each option can be set once. Not thread-safe. */
    public static final class Builder {
        private static final long DEFAULT_SEED = 42;

        private @Nullable Long seed;
        private @Nullable Integer threads;
        private final Map<String, String> data = new LinkedHashMap<>();
        private final Map<String, Double> figures = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets the seed of all random numbers. The default is 42.
         *
         * @throws IllegalStateException if the seed was set before
         */
        public Builder seed(long value) {
            seed = BuilderChecks.setOnce("seed", seed, value);
            return this;
        }

        /**
         * Sets the number of threads. The default is 1. The model does not depend on it.
         *
         * @throws IllegalArgumentException if the number is less than 1
         * @throws IllegalStateException if the number was set before
         */
        public Builder threads(int value) {
            threads = BuilderChecks.setOnce("threads", threads, BuilderChecks.requireAtLeast("threads", 1, value));
            return this;
        }

        /**
         * Adds the SHA-256 of an input file to the model's provenance.
         *
         * @throws IllegalArgumentException if the checksum is not 64 lower-case hexadecimal digits
         * @throws IllegalStateException if a checksum of the same name was added before
         */
        public Builder data(String name, String sha256) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(sha256, "sha256");
            // Fail now rather than after the training.
            Provenance.builder(NAME, VERSION).data(name, sha256).build();
            if (data.putIfAbsent(name, sha256) != null) {
                throw new IllegalStateException(
                        "data " + name + " must be set once, but was " + data.get(name) + " and then " + sha256);
            }
            return this;
        }

        /**
         * Adds a measured figure to the model's provenance.
         *
         * @throws IllegalArgumentException if the value is not finite
         * @throws IllegalStateException if a figure of the same name was added before
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
