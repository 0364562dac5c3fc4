package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.HarmType;

/** Trains the heads that depend on the instruction alone: its risk, and the harm type of a risky one. */
final class InstructionTraining {
    private static final double[] SCALES =
            IntStream.range(0, 60).mapToDouble(i -> 0.5 + 0.1 * i).toArray();

    private final TrainingData trainingData;
    private final long seed;
    private final int[] foldOf;

    InstructionTraining(TrainingData trainingData, long seed) {
        this.trainingData = trainingData;
        this.seed = seed;
        foldOf = TrainingData.folds(trainingData.instructions().size(), Hyperparameters.FOLDS, seed);
    }

    /** A trained linear model, and the margins for each instruction when it was held out; null if it has no label. */
    record TrainedModel(LinearModel model, double[][] outOfFold) {}

    /** Returns whether there are both risky and harmless instructions. */
    boolean canTrainRisk() {
        return trainingData.instructions().stream()
                        .anyMatch(each -> each.risky().equals(Optional.of(true)))
                && trainingData.instructions().stream()
                        .anyMatch(each -> each.risky().equals(Optional.of(false)));
    }

    /** Returns whether there are at least two harm types. */
    boolean canTrainHarmType() {
        return trainingData.instructions().stream()
                        .flatMap(each -> each.harmType().stream())
                        .distinct()
                        .count()
                > 1;
    }

    TrainedModel trainRisk(TrainingThreads parallel) {
        SparseMatrix rows = new SparseMatrix(trainingData.instructionIndex().size());
        SparseMatrix.Builder builder = rows.new Builder();
        List<DualCoordinateDescent.Example> examples = new ArrayList<>();
        List<Integer> folds = new ArrayList<>();
        double[] lengths = Hyperparameters.riskLengths();
        int[] rowOf = new int[trainingData.instructions().size()];
        double harmlessWeight = harmlessWeight();
        for (int i = 0; i < rowOf.length; i++) {
            TrainingData.Instruction instruction = trainingData.instructions().get(i);
            rowOf[i] = row(builder, instruction.text(), lengths);
            if (instruction.risky().isPresent()) {
                examples.add(riskExample(rowOf[i], instruction.riskProbability(), harmlessWeight));
                folds.add(foldOf[i]);
            }
        }
        for (TrainingData.Sentence sentence : trainingData.harmlessSentences()) {
            examples.add(
                    riskExample(row(builder, sentence.text(), lengths), 0, Hyperparameters.HARMLESS_SENTENCE_WEIGHT));
            folds.add(sentence.instruction() < 0 ? -1 : foldOf[sentence.instruction()]);
        }
        return train(rows, examples, folds, rowOf, 1, Hyperparameters.RISK_EPOCHS, parallel);
    }

    /** Returns the weight of harmless instructions, so that they count as much as risky ones, up to a limit. */
    private double harmlessWeight() {
        double risky = 0;
        double harmless = 0;
        for (TrainingData.Instruction instruction : trainingData.instructions()) {
            risky += instruction.risky().orElse(false) ? 1 : 0;
            harmless += instruction.risky().orElse(true) ? 0 : 1;
        }
        return Math.min(Hyperparameters.MAX_RISK_BALANCE, Math.max(1, risky / harmless));
    }

    private static String head(String response) {
        return response.substring(0, Math.min(response.length(), Hyperparameters.HARM_TYPE_RESPONSE_CHARS));
    }

    private static DualCoordinateDescent.Example riskExample(int row, double risk, double harmlessWeight) {
        return new DualCoordinateDescent.Example(
                row,
                new float[] {(float) (Hyperparameters.RISK_COST * risk)},
                new float[] {(float) (Hyperparameters.RISK_COST * harmlessWeight * (1 - risk))});
    }

    TrainedModel trainHarmType(TrainingThreads parallel) {
        SparseMatrix rows = new SparseMatrix(trainingData.instructionIndex().size());
        SparseMatrix.Builder builder = rows.new Builder();
        List<DualCoordinateDescent.Example> examples = new ArrayList<>();
        List<Integer> folds = new ArrayList<>();
        double[] lengths = Hyperparameters.harmTypeLengths();
        double[] balance = harmTypeBalance();
        int[] rowOf = new int[trainingData.instructions().size()];
        for (int i = 0; i < rowOf.length; i++) {
            TrainingData.Instruction instruction = trainingData.instructions().get(i);
            rowOf[i] = -1;
            if (instruction.harmType().isPresent()) {
                rowOf[i] = row(builder, instruction.text(), lengths);
                examples.add(harmTypeExample(rowOf[i], instruction.harmTypes().orElseThrow(), 1, balance));
                folds.add(foldOf[i]);
            }
        }
        for (int i = 0; i < trainingData.examples().size(); i++) {
            TrainingExample example = trainingData.examples().get(i);
            int instruction = trainingData.instructionOf(i);
            if (example.response().isPresent() && example.harmType().isPresent() && instruction >= 0) {
                examples.add(harmTypeExample(
                        row(builder, head(example.response().get()), lengths),
                        TrainingData.harmTypesOf(example).orElseThrow(),
                        Hyperparameters.HARM_TYPE_RESPONSE_WEIGHT,
                        balance));
                folds.add(foldOf[instruction]);
            }
        }
        return train(rows, examples, folds, rowOf, ModelParameters.HARM_TYPES, Hyperparameters.MAX_EPOCHS, parallel);
    }

    private double[] harmTypeBalance() {
        double[] balance = new double[ModelParameters.HARM_TYPES];
        int total = 0;
        for (TrainingData.Instruction instruction : trainingData.instructions()) {
            if (instruction.harmType().isPresent()) {
                balance[instruction.harmType().get().number() - 1]++;
                total++;
            }
        }
        for (int type = 0; type < ModelParameters.HARM_TYPES; type++) {
            balance[type] = balance[type] == 0 ? 1 : total / (ModelParameters.HARM_TYPES * balance[type]);
        }
        return balance;
    }

    private static DualCoordinateDescent.Example harmTypeExample(
            int row, Distribution<HarmType> harmTypes, double weight, double[] balance) {
        float[] positive = new float[ModelParameters.HARM_TYPES];
        float[] negative = new float[ModelParameters.HARM_TYPES];
        double cost = Hyperparameters.HARM_TYPE_COST * weight;
        harmTypes.probabilities().forEach((harmType, probability) -> {
            int type = harmType.number() - 1;
            positive[type] = (float) (cost * balance[type] * probability);
            negative[type] = (float) (cost * (1 - probability));
        });
        return new DualCoordinateDescent.Example(row, positive, negative);
    }

    private int row(SparseMatrix.Builder builder, String text, double[] lengths) {
        FeatureKeys keys = trainingData.features().ofInstruction(text);
        for (int view = 0; view < lengths.length; view++) {
            builder.addView(keys, view, trainingData.instructionIndex(), 0, lengths[view]);
        }
        return builder.endRow();
    }

    /** Trains on all examples, and without each fold in turn for the margins of its instructions. */
    private TrainedModel train(
            SparseMatrix rows,
            List<DualCoordinateDescent.Example> examples,
            List<Integer> folds,
            int[] rowOf,
            int outputs,
            int epochs,
            TrainingThreads parallel) {
        rows.sortColumnsByFrequency();
        DualCoordinateDescent descent = new DualCoordinateDescent(outputs, epochs, Hyperparameters.TOLERANCE);
        List<LinearModel> models = parallel.map(Hyperparameters.FOLDS + 1, fold -> {
            List<DualCoordinateDescent.Example> used = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                if (folds.get(i) != fold) {
                    used.add(examples.get(i));
                }
            }
            return descent.train(rows, used, seed);
        });
        double[][] outOfFold = new double[rowOf.length][];
        for (int i = 0; i < rowOf.length; i++) {
            if (rowOf[i] >= 0) {
                outOfFold[i] = models.get(foldOf[i]).margins(rowOf[i]);
            }
        }
        return new TrainedModel(models.get(Hyperparameters.FOLDS), outOfFold);
    }

    /** Returns the calibration of the instruction risk: a regression on the margin that weights both classes equally. */
    SoftmaxRegression calibrateRisk(TrainedModel risk) {
        List<double[]> inputs = new ArrayList<>();
        List<Double> risks = new ArrayList<>();
        long risky = 0;
        for (int i = 0; i < risk.outOfFold.length; i++) {
            if (trainingData.instructions().get(i).risky().isPresent()) {
                inputs.add(risk.outOfFold[i]);
                risks.add(trainingData.instructions().get(i).riskProbability());
                risky += trainingData.instructions().get(i).risky().orElseThrow() ? 1 : 0;
            }
        }
        double riskyWeight = 0.5 * risks.size() / Math.max(1, risky);
        double harmlessWeight = 0.5 * risks.size() / Math.max(1, risks.size() - risky);
        double[][] targets = risks.stream()
                .map(each -> new double[] {(1 - each) * harmlessWeight, each * riskyWeight})
                .toArray(double[][]::new);
        return SoftmaxRegressionTraining.train(
                inputs.toArray(double[][]::new), targets, Hyperparameters.CALIBRATION_PENALTY);
    }

    /** Returns the factor of the margins whose softmax has the lowest log loss. */
    double calibrateHarmType(TrainedModel harmType) {
        double best = 1;
        double bestLoss = Double.POSITIVE_INFINITY;
        for (double scale : SCALES) {
            double loss = 0;
            for (int i = 0; i < harmType.outOfFold.length; i++) {
                if (harmType.outOfFold[i] != null) {
                    double[] logits = harmType.outOfFold[i].clone();
                    for (int type = 0; type < logits.length; type++) {
                        logits[type] *= scale;
                    }
                    loss += crossEntropy(
                            trainingData.instructions().get(i).harmTypes().orElseThrow(),
                            SoftmaxRegression.softmax(logits));
                }
            }
            if (loss < bestLoss) {
                bestLoss = loss;
                best = scale;
            }
        }
        return best;
    }

    private static double crossEntropy(Distribution<HarmType> harmTypes, double[] predicted) {
        double sum = 0;
        for (HarmType type : HarmType.values()) {
            double probability = harmTypes.probability(type);
            // Not 0 times an infinity.
            sum -= probability == 0 ? 0 : probability * StrictMath.log(predicted[type.number() - 1]);
        }
        return sum;
    }
}
