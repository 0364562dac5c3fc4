package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.TextFeatures;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Trains the linear models for harm and refusal on what responses say. The instruction is left out on purpose: with it,
 * training learns which questions a source asks. Sources are raters with their own habits: large ones are capped, the two
 * labels of a source are balanced in part, and the margins that the second stage is trained on come from models that have not
 * seen the source.
 *
 * <p>Some examples are composed: a refusal before a response or behind it, or harmless text around it. They are as harmful
 * as the response. Everyday responses are also used shortened, so that a short response is no sign of harm.
 */
final class HarmTraining {
    private static final int NO_FOLD = -1;

    private final TrainingData trainingData;
    private final long seed;
    private final SparseMatrix rows;
    private final List<DualCoordinateDescent.Example> training = new ArrayList<>();
    private final List<Integer> trainingFolds = new ArrayList<>();

    /** The texts that the second stage is trained on. */
    private final List<Sampled> sampled = new ArrayList<>();

    private final SourceCounts harm = new SourceCounts();
    private final SourceCounts refusals = new SourceCounts();
    private final int[] foldOf;
    private final int folds;

    /**
     * A text that the second stage is trained on, with the rows of it and of its passages.
     *
     * @param weight the number of responses of the source that it stands for
     * @param composed whether the response was composed for training
     */
    record Sampled(int example, int row, int[] passages, double weight, boolean composed) {}

    /**
     * The margins of a response whose source was held out.
     *
     * @param response the harm margin of the whole response
     * @param passage the highest harm margin of a passage; that of the whole response if it is short
     * @param refusal the refusal margin of the whole response
     */
    record OutOfFoldMargins(Sampled sample, double response, double passage, double refusal) {
        int example() {
            return sample.example;
        }

        double weight() {
            return sample.weight;
        }

        boolean composed() {
            return sample.composed;
        }
    }

    HarmTraining(TrainingData trainingData, long seed) {
        this.trainingData = trainingData;
        this.seed = seed;
        rows = new SparseMatrix(trainingData.harmIndex().size());
        for (TrainingExample example : trainingData.examples()) {
            if (isUsed(example)) {
                example.harmful().ifPresent(label -> harm.add(example.source(), label));
                refusal(example).ifPresent(label -> refusals.add(example.source(), label));
            }
        }
        foldOf = new int[trainingData.examples().size()];
        folds = assignFolds();
        buildRows();
    }

    static boolean isUsed(TrainingExample example) {
        return example.response().isPresent()
                && (example.harmful().isPresent() || refusal(example).isPresent());
    }

    /** Returns whether the response refuses, as labelled or as its action implies; everyday responses do not. */
    static Optional<Boolean> refusal(TrainingExample example) {
        if (example.refusal().isPresent()) {
            return example.refusal();
        }
        if (example.action().isPresent()) {
            return example.action().map(action -> action == ResponseAction.CANNOT_ASSIST);
        }
        return isEveryday(example) ? Optional.of(false) : Optional.empty();
    }

    /** Returns the probability that the response refuses, of an example of which it is known whether it does. */
    static double refusalProbability(TrainingExample example) {
        if (example.refusal().isPresent()) {
            return example.refusalProbability();
        }
        return example.softLabels()
                .actions()
                .map(actions -> actions.probability(ResponseAction.CANNOT_ASSIST))
                .orElseGet(() -> refusal(example).orElseThrow() ? 1.0 : 0.0);
    }

    /** Returns whether an example is a response to a harmless instruction that is known for nothing else. */
    private static boolean isEveryday(TrainingExample example) {
        return ActionTraining.isHarmless(example) && example.harmful().equals(Optional.of(false));
    }

    /** Returns whether a source has both harmful and harmless responses. */
    boolean hasBothLabels(String source) {
        return harm.hasBoth(source);
    }

    /** Returns the factor of a label that balances the labels of the source of an example. */
    double balance(int example, boolean label, double exponent) {
        return harm.balance(trainingData.examples().get(example).source(), label, exponent);
    }

    /**
     * Assigns a fold to each example: that of its source if the source has both labels and enough of them do, else a random
     * one by instruction.
     */
    private int assignFolds() {
        int[] random = trainingData.foldsByInstruction(Hyperparameters.FOLDS, seed);
        List<String> sources = harm.sources().stream()
                .filter(harm::hasBoth)
                .sorted(Comparator.comparingDouble(harm::total).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
        boolean bySource = sources.size() >= Hyperparameters.MIN_SOURCES;
        Map<String, Integer> folds = new TreeMap<>();
        sources.forEach(source -> folds.put(source, folds.size() % Hyperparameters.SOURCE_FOLDS));
        for (int i = 0; i < foldOf.length; i++) {
            String source = trainingData.examples().get(i).source();
            foldOf[i] = bySource && folds.containsKey(source) ? folds.get(source) : random[i];
        }
        return bySource ? Hyperparameters.SOURCE_FOLDS : Hyperparameters.FOLDS;
    }

    private void buildRows() {
        List<TrainingExample> examples = trainingData.examples();
        SparseMatrix.Builder builder = rows.new Builder();
        Map<String, int[]> seen = new HashMap<>();
        Compositions compositions = new Compositions(examples, seed);
        for (int i = 0; i < examples.size(); i++) {
            TrainingExample example = examples.get(i);
            if (isUsed(example)) {
                String response = example.response().orElseThrow();
                int row = row(builder, response);
                add(row, i, 1, refusalOf(example), refusalWeight(example));
                if (example.harmful().isPresent()) {
                    int[] ofSource = seen.computeIfAbsent(example.source(), source -> new int[2]);
                    int number = ofSource[example.harmful().get() ? 1 : 0]++;
                    buildVariants(builder, compositions, i, row, number);
                }
            }
        }
        rows.sortColumnsByFrequency();
    }

    /** Adds what else is made of a response: a sample for the second stage, a composition, a shorter response. */
    private void buildVariants(SparseMatrix.Builder builder, Compositions compositions, int i, int row, int number) {
        TrainingExample example = trainingData.examples().get(i);
        String response = example.response().orElseThrow();
        int stride = stride(example);
        boolean isSampled = number % stride == 0;
        if (isSampled) {
            sampled.add(new Sampled(i, row, passages(builder, response), stride, false));
        }
        if (number % Hyperparameters.COMPOSITION_STRIDE == 0) {
            String composed = compositions.compose(response);
            int composedRow = row(builder, composed);
            double weight = Hyperparameters.COMPOSITION_WEIGHT;
            // A harmful response that also refuses is no refusal.
            OptionalDouble refusal = example.harmful().get() ? OptionalDouble.of(0) : OptionalDouble.empty();
            add(composedRow, i, weight, refusal, weight * Hyperparameters.REFUSAL_COST);
            sampled.add(new Sampled(i, composedRow, passages(builder, composed), weight, true));
        }
        if (isEveryday(example) && !hasBothLabels(example.source())) {
            int shortenedRow = row(builder, Compositions.shortened(response, number));
            add(shortenedRow, i, 1, OptionalDouble.empty(), 0);
            if (isSampled) {
                sampled.add(new Sampled(i, shortenedRow, new int[0], stride, true));
            }
        }
    }

    /** Returns the distance of the examples of a source and label that the second stage is trained on. */
    private int stride(TrainingExample example) {
        if (example.source().equals(EmbeddedTrainer.BENCHMARK)) {
            return 1;
        }
        double count = harm.count(example.source(), example.harmful().orElseThrow());
        return Math.max(1, (int) Math.ceil(count / Hyperparameters.MAX_SAMPLED));
    }

    /** Returns the weight that an example has with a label. */
    private double harmWeight(TrainingExample example, boolean label) {
        String source = example.source();
        double balance = hasBothLabels(source)
                ? harm.balance(source, label, Hyperparameters.HARM_BALANCE)
                : ActionTraining.isHarmless(example) ? Hyperparameters.EVERYDAY_FACTOR : 1;
        return Hyperparameters.HARM_COST
                * example.weight()
                * balance
                * harm.cap(source, Hyperparameters.MAX_SOURCE_EXAMPLES);
    }

    private double refusalWeight(TrainingExample example) {
        if (refusal(example).isEmpty()) {
            return 0;
        }
        boolean assumed = example.refusal().isEmpty() && example.action().isEmpty();
        return Hyperparameters.REFUSAL_COST
                * (assumed ? Hyperparameters.ASSUMED_REFUSAL_WEIGHT : 1)
                * refusals.cap(example.source(), Hyperparameters.MAX_SOURCE_EXAMPLES);
    }

    private static OptionalDouble refusalOf(TrainingExample example) {
        return refusal(example).isPresent() ? OptionalDouble.of(refusalProbability(example)) : OptionalDouble.empty();
    }

    /**
     * Adds an example.
     *
     * @param factor the factor of its weight as one of harm
     * @param refusal the probability that it refuses; empty if that is unknown
     */
    private void add(int row, int example, double factor, OptionalDouble refusal, double refusalWeight) {
        float[] positive = new float[ModelParameters.HARM_LANES];
        float[] negative = new float[ModelParameters.HARM_LANES];
        TrainingExample labels = trainingData.examples().get(example);
        if (labels.harmful().isPresent()) {
            double harmful = labels.harmProbability();
            positive[ModelParameters.HARM_LANE] = (float) (harmful * factor * harmWeight(labels, true));
            negative[ModelParameters.HARM_LANE] = (float) ((1 - harmful) * factor * harmWeight(labels, false));
        }
        refusal.ifPresent(refuses -> {
            positive[ModelParameters.REFUSAL_LANE] = (float) (refuses * refusalWeight);
            negative[ModelParameters.REFUSAL_LANE] = (float) ((1 - refuses) * refusalWeight);
        });
        training.add(new DualCoordinateDescent.Example(row, positive, negative));
        trainingFolds.add(foldOf[example]);
    }

    private int row(SparseMatrix.Builder builder, String response) {
        TextFeatures features = trainingData.features();
        features.read(response);
        return row(builder, features.ofWholeText());
    }

    private int row(SparseMatrix.Builder builder, FeatureKeys keys) {
        double[] lengths = Hyperparameters.harmLengths();
        for (int view = 0; view < lengths.length; view++) {
            builder.addView(keys, view, trainingData.harmIndex(), 0, lengths[view]);
        }
        return builder.endRow();
    }

    /** Adds a row for each passage of the response. */
    private int[] passages(SparseMatrix.Builder builder, String response) {
        TextFeatures features = trainingData.features();
        features.read(response);
        int[] result = new int[features.passages()];
        for (int passage = 0; passage < result.length; passage++) {
            result[passage] = row(builder, features.ofPassage(passage));
        }
        return result;
    }

    /** Trains on all examples. */
    LinearModel train() {
        return train(NO_FOLD);
    }

    private LinearModel train(int withoutFold) {
        List<DualCoordinateDescent.Example> used = IntStream.range(0, training.size())
                .filter(i -> trainingFolds.get(i) != withoutFold)
                .mapToObj(training::get)
                .toList();
        return new DualCoordinateDescent(
                        ModelParameters.HARM_LANES, Hyperparameters.HARM_EPOCHS, Hyperparameters.TOLERANCE)
                .train(rows, used, seed);
    }

    /** Returns the margins of a sample of each source, in order, from models that have not seen the source. */
    List<OutOfFoldMargins> outOfFold(TrainingThreads parallel) {
        List<LinearModel> models = parallel.map(folds, this::train);
        List<OutOfFoldMargins> result = new ArrayList<>();
        for (Sampled each : sampled) {
            LinearModel model = models.get(foldOf[each.example]);
            double[] whole = model.margins(each.row);
            double response = whole[ModelParameters.HARM_LANE];
            double passage = each.passages.length == 0 ? response : Double.NEGATIVE_INFINITY;
            for (int row : each.passages) {
                passage = Math.max(passage, model.margins(row)[ModelParameters.HARM_LANE]);
            }
            result.add(new OutOfFoldMargins(each, response, passage, whole[ModelParameters.REFUSAL_LANE]));
        }
        return result;
    }
}
