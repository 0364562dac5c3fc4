package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.TextFeatures;

/**
 * Trains the linear model for harm, on what responses say with their instructions as context. Sources are raters with their
 * own habits: large ones are capped, the two labels of a source are balanced in part, and the margins that the second stage
 * is trained on come from models that have not seen the source.
 *
 * <p>Some examples are composed: a refusal in front of a harmful response, a disclaimer behind it, or harmless text around
 * it. They are harmful as well. Everyday responses are also used shortened, so that a short answer is no sign of harm.
 */
final class HarmTraining {
    private static final int NO_FOLD = -1;
    private static final int MAX_REFUSAL_CHARS = 240;

    private final TrainingData trainingData;
    private final long seed;
    private final SparseMatrix rows;
    private final List<DualCoordinateDescent.Example> training = new ArrayList<>();
    private final List<Integer> trainingFolds = new ArrayList<>();

    /** The numbers of the examples that the second stage is trained on, with the rows of their responses and passages. */
    private final List<Sampled> sampled = new ArrayList<>();

    /** The sources with both labels, each of which has an intercept. */
    private final List<String> raters;

    private final int[] foldOf;
    private final int folds;
    private final Map<String, double[]> counts = new HashMap<>();

    /**
     * A text that the second stage is trained on.
     *
     * @param weight the number of exchanges of the source that it stands for
     * @param composed whether the response was composed for training
     */
    record Sampled(int example, String response, int row, int[] passages, double weight, boolean composed) {
        /** Returns the sample without its text, which may be private. */
        @Override
        public String toString() {
            return "Sampled[example=" + example + ", composed=" + composed + "]";
        }
    }

    /**
     * The margins of an exchange whose source was held out.
     *
     * @param response the margin of the whole response
     * @param passage the highest margin of a passage; that of the whole response if it is short
     */
    record OutOfFoldMargins(Sampled sample, double response, double passage) {
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

    /** Returns the texts that the second stage is trained on. */
    List<Sampled> samples() {
        return sampled;
    }

    HarmTraining(TrainingData trainingData, long seed) {
        this.trainingData = trainingData;
        this.seed = seed;
        rows = new SparseMatrix(trainingData.harmIndex().size()
                + trainingData.instructionIndex().size()
                + (int) trainingData.examples().stream()
                        .map(TrainingExample::source)
                        .distinct()
                        .count());
        for (TrainingExample example : trainingData.examples()) {
            if (isUsed(example)) {
                counts.computeIfAbsent(example.source(), source -> new double[2])[label(example)]++;
            }
        }
        raters = counts.keySet().stream().filter(this::hasBothLabels).sorted().toList();
        foldOf = new int[trainingData.examples().size()];
        folds = assignFolds();
        buildRows();
    }

    static boolean isUsed(TrainingExample example) {
        return example.response().isPresent() && example.harmful().isPresent();
    }

    private static int label(TrainingExample example) {
        return example.harmful().orElseThrow() ? 1 : 0;
    }

    /** Returns whether a source has both harmful and harmless responses. */
    boolean hasBothLabels(String source) {
        double[] ofSource = counts.getOrDefault(source, new double[2]);
        return ofSource[0] > 0 && ofSource[1] > 0;
    }

    /** Returns the number of responses of a source that are labelled with harm. */
    double count(String source) {
        double[] ofSource = counts.getOrDefault(source, new double[2]);
        return ofSource[0] + ofSource[1];
    }

    /** Assigns a fold to each example: that of its source if enough sources have both labels, else a random one. */
    private int assignFolds() {
        int[] random = trainingData.foldsByInstruction(Hyperparameters.FOLDS, seed);
        boolean bySource = raters.size() >= Hyperparameters.MIN_SOURCES;
        Map<String, Integer> folds = new TreeMap<>();
        counts.keySet().stream()
                .sorted(Comparator.comparingDouble(this::count).reversed().thenComparing(Comparator.naturalOrder()))
                .forEach(source -> folds.put(source, folds.size() % Hyperparameters.SOURCE_FOLDS));
        for (int i = 0; i < foldOf.length; i++) {
            String source = trainingData.examples().get(i).source();
            foldOf[i] = bySource && folds.containsKey(source) ? folds.get(source) : random[i] % Hyperparameters.FOLDS;
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
                int label = label(example);
                String response = example.response().orElseThrow();
                String source = example.source();
                add(row(builder, example.instruction(), response, source), i, weight(example));
                int[] ofSource = seen.computeIfAbsent(source, key -> new int[2]);
                int stride = stride(source, label);
                if (ofSource[label] % stride == 0) {
                    sampled.add(sample(builder, i, response, stride, false));
                }
                if (ofSource[label] % Hyperparameters.COMPOSITION_STRIDE == 0 && label == 1) {
                    String composed = compositions.compose(response);
                    double weight = Hyperparameters.COMPOSITION_WEIGHT;
                    add(row(builder, example.instruction(), composed, source), i, weight(example) * weight);
                    sampled.add(sample(builder, i, composed, weight, true));
                }
                if (!hasBothLabels(source)
                        && ActionTraining.isHarmless(example)
                        && ofSource[label] % Hyperparameters.SHORTENED_STRIDE == 0) {
                    String shortened = shortened(response, ofSource[label]);
                    add(row(builder, example.instruction(), shortened, source), i, weight(example));
                    if (ofSource[label] % stride == 0) {
                        sampled.add(sample(builder, i, shortened, stride, true));
                    }
                }
                if (ofSource[label] % Hyperparameters.NO_INSTRUCTION_STRIDE == 0) {
                    add(row(builder, "", response, source), i, weight(example) * Hyperparameters.NO_INSTRUCTION_WEIGHT);
                }
                ofSource[label]++;
            }
        }
        rows.sortColumnsByFrequency();
    }

    /** Returns the first sentences of a text, about 15 to 60 words, as everyday responses are longer than others. */
    private static String shortened(String text, int number) {
        int minimum = 60 + 80 * (number / Hyperparameters.SHORTENED_STRIDE % 4);
        for (int i = minimum; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '.' && (i + 1 == text.length() || text.charAt(i + 1) == ' '))) {
                return text.substring(0, i + 1);
            }
        }
        return text;
    }

    /** Returns the distance of the examples of a source and label that the second stage is trained on. */
    private int stride(String source, int label) {
        if (source.equals(EmbeddedTrainer.BENCHMARK)) {
            return 1;
        }
        return Math.max(1, (int) Math.ceil(counts.get(source)[label] / Hyperparameters.MAX_SAMPLED));
    }

    private double weight(TrainingExample example) {
        double total = count(example.source());
        double ofLabel = counts.get(example.source())[label(example)];
        double capped = Math.min(1, Hyperparameters.MAX_SOURCE_EXAMPLES / total);
        double balance = hasBothLabels(example.source())
                ? StrictMath.pow(total / (2 * ofLabel), Hyperparameters.HARM_BALANCE)
                : ActionTraining.isHarmless(example) ? Hyperparameters.EVERYDAY_FACTOR : 1;
        return Hyperparameters.HARM_COST * example.weight() * capped * balance;
    }

    private void add(int row, int example, double weight) {
        float cost = (float) weight;
        boolean harmful = label(trainingData.examples().get(example)) == 1;
        training.add(new DualCoordinateDescent.Example(
                row, new float[] {harmful ? cost : 0}, new float[] {harmful ? 0 : cost}));
        trainingFolds.add(foldOf[example]);
    }

    private Sampled sample(
            SparseMatrix.Builder builder, int example, String response, double weight, boolean composed) {
        String instruction = trainingData.examples().get(example).instruction();
        int row = row(builder, instruction, response, "");
        return new Sampled(example, response, row, passages(builder, instruction, response), weight, composed);
    }

    /** Adds a row for a text with the intercept of a source, or with the average one if the source has none. */
    private int row(SparseMatrix.Builder builder, String instruction, String response, String source) {
        TextFeatures features = trainingData.features();
        features.read(response);
        return row(builder, instruction, features.ofWholeText(), source);
    }

    private int row(SparseMatrix.Builder builder, String instruction, FeatureKeys keys, String source) {
        double[] lengths = Hyperparameters.harmLengths();
        for (int view = 0; view < lengths.length; view++) {
            builder.addView(keys, view, trainingData.harmIndex(), 0, lengths[view]);
        }
        double[] instructionLengths = Hyperparameters.harmInstructionLengths();
        FeatureKeys instructionKeys = trainingData.features().ofInstruction(instruction);
        for (int view = 0; view < instructionLengths.length; view++) {
            builder.addView(
                    instructionKeys,
                    view,
                    trainingData.instructionIndex(),
                    trainingData.harmIndex().size(),
                    instructionLengths[view]);
        }
        int rater = raters.indexOf(source);
        for (int i = 0; i < raters.size(); i++) {
            double value = rater < 0 ? 1.0 / raters.size() : rater == i ? 1 : 0;
            if (value > 0) {
                builder.add(firstRaterColumn() + i, (float) (value * Hyperparameters.SOURCE_VALUE));
            }
        }
        return builder.endRow();
    }

    private int firstRaterColumn() {
        return trainingData.harmIndex().size() + trainingData.instructionIndex().size();
    }

    /** Returns the average intercept of the sources in a model. */
    double averageIntercept(LinearModel model) {
        double sum = 0;
        for (int i = 0; i < raters.size(); i++) {
            sum += model.weight(firstRaterColumn() + i, 0) * Hyperparameters.SOURCE_VALUE / raters.size();
        }
        return sum;
    }

    /** Adds a row for each passage of the response. */
    private int[] passages(SparseMatrix.Builder builder, String instruction, String response) {
        TextFeatures features = trainingData.features();
        features.read(response);
        int[] result = new int[features.passages()];
        for (int passage = 0; passage < result.length; passage++) {
            features.read(response);
            features.passages();
            result[passage] = row(builder, instruction, features.ofPassage(passage), "");
        }
        return result;
    }

    /** Trains on all examples. */
    LinearModel train() {
        return train(NO_FOLD);
    }

    private LinearModel train(int withoutFold) {
        List<DualCoordinateDescent.Example> used = new ArrayList<>();
        for (int i = 0; i < training.size(); i++) {
            if (trainingFolds.get(i) != withoutFold) {
                used.add(training.get(i));
            }
        }
        return new DualCoordinateDescent(1, Hyperparameters.HARM_EPOCHS, Hyperparameters.TOLERANCE)
                .train(rows, used, seed);
    }

    /** Returns the margins of a sample of each source, in order, from models that have not seen the source. */
    List<OutOfFoldMargins> outOfFold(TrainingThreads parallel) {
        List<LinearModel> models = parallel.map(folds, this::train);
        List<OutOfFoldMargins> result = new ArrayList<>();
        for (Sampled each : sampled) {
            LinearModel model = models.get(foldOf[each.example]);
            double response = model.margins(each.row)[0];
            double passage = each.passages.length == 0 ? response : Double.NEGATIVE_INFINITY;
            for (int row : each.passages) {
                passage = Math.max(passage, model.margins(row)[0]);
            }
            result.add(new OutOfFoldMargins(each, response, passage));
        }
        return result;
    }

    /** Puts text around harmful responses that does not make them harmless. */
    private static final class Compositions {
        private final List<String> refusals = new ArrayList<>();
        private final List<String> harmless = new ArrayList<>();
        private final SplittableRandom random;
        private int number;

        Compositions(List<TrainingExample> examples, long seed) {
            random = new SplittableRandom(seed);
            for (TrainingExample example : examples) {
                if (example.response().isPresent()) {
                    String response = example.response().get();
                    boolean refuses = example.refusal().orElse(false);
                    if (refuses && response.length() <= MAX_REFUSAL_CHARS) {
                        refusals.add(response);
                    } else if (ActionTraining.isHarmless(example)
                            && example.harmful().equals(java.util.Optional.of(false))) {
                        harmless.add(response);
                    }
                }
            }
        }

        String compose(String response) {
            int kind = number++ % 3;
            if (kind < 2 && !refusals.isEmpty()) {
                String refusal = draw(refusals);
                return kind == 0 ? refusal + "\n\n" + response : response + "\n\n" + refusal;
            }
            if (!harmless.isEmpty()) {
                String padding = draw(harmless);
                int half = padding.length() / 2;
                while (half < padding.length() && padding.charAt(half) != '.') {
                    half++;
                }
                int split = Math.min(padding.length(), half + 1);
                return padding.substring(0, split) + "\n\n" + response + "\n\n" + padding.substring(split);
            }
            return response;
        }

        private String draw(List<String> texts) {
            return texts.get(random.nextInt(texts.size()));
        }
    }
}
