package org.donotanswer.classifier.embedded.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.embedded.HarmView;
import org.donotanswer.classifier.embedded.ResponseView;

/** The hyperparameters of training. */
final class Hyperparameters {
    /** The binary logarithms of the numbers of slots in the tables of response and instruction features. */
    static final int RESPONSE_TABLE_BITS = 19;

    static final int INSTRUCTION_TABLE_BITS = 17;

    /** The minimum number of texts that a feature occurs in. */
    static final int MIN_DOCUMENT_FREQUENCY = 2;

    /** The maximum epochs and the tolerance of dual coordinate descent. */
    static final int MAX_EPOCHS = 6;

    static final float TOLERANCE = 2e-3f;

    /** The maximum epochs for the instruction risk. */
    static final int RISK_EPOCHS = 12;

    /** The cost of an error on an action, before the classes are balanced. */
    static final double ACTION_COST = 1.5;

    /** The exponent of the class balance of actions: 0 for none, 1 for full balance. */
    static final double ACTION_BALANCE = 0.5;

    /** The weight of the second opinion in a soft label. */
    static final double SECOND_OPINION_WEIGHT = 0.2;

    /** Of how many responses to harmless instructions one is an example of following the instruction, and its weight. */
    static final int HARMLESS_STRIDE = 3;

    static final double HARMLESS_WEIGHT = 0.09;

    /** The weight of an action label of an example that is also labelled with refusal, which is the more reliable label. */
    static final double CONSTRUCTED_ACTION_WEIGHT = 0.06;

    /** The weight of a refusal label as a label of the action. */
    static final double REFUSAL_LABEL_WEIGHT = 0.1;

    /** The maximum number of folds that groups are assigned to. */
    static final int MAX_GROUP_FOLDS = 6;

    /** The number of examples above which rare features are dropped, and the minimum number of texts in that case. */
    static final int MANY_EXAMPLES = 20_000;

    static final int MIN_DOCUMENT_FREQUENCY_OF_MANY = 3;

    /** The binary logarithm of the number of slots in the table of the harm features. */
    static final int HARM_TABLE_BITS = 21;

    /** The cost of an error on harm, and the maximum epochs. */
    static final double HARM_COST = 1;

    static final int HARM_EPOCHS = 6;

    /** The exponent of the balance of harmful and harmless examples in a source: 0 for none, 1 for full balance. */
    static final double HARM_BALANCE = 0.5;

    /** The number of examples at which the total weight of a source is capped. */
    static final double MAX_SOURCE_EXAMPLES = 1_500;

    /** The factor of the weight of harmless exchanges of sources that are all harmless, which keeps false alarms rare. */
    static final double EVERYDAY_FACTOR = 6;

    /** The cost of an error on refusals, and the factor for everyday responses, which are assumed not to refuse. */
    static final double REFUSAL_COST = 1;

    static final double ASSUMED_REFUSAL_WEIGHT = 0.2;

    /** The exponent of the balance of harmful and harmless responses of the benchmark for its own norm. */
    static final double BENCHMARK_HARM_BALANCE = 0.5;

    /** The number of folds of sources, and the minimum number of sources with both labels to leave out whole sources. */
    static final int SOURCE_FOLDS = 6;

    static final int MIN_SOURCES = 3;

    /** The factor of the weight of the benchmark in the second stage of harm, as it has a norm of its own. */
    static final double BENCHMARK_STAGE_WEIGHT = 0.2;

    /** The maximum number of examples by source and label that the second stage of harm is trained on. */
    static final double MAX_SAMPLED = 800;

    /** The number of examples at which the weight of a source in a second stage is capped. */
    static final double MAX_STAGE_EXAMPLES = 1_000;

    /** The exponent of the balance of harmful and harmless examples in a source in the second stage of harm. */
    static final double STAGE_BALANCE = 0.5;

    /** The weight of sources with one label in the second stage of harm. */
    static final double ONE_LABEL_STAGE_WEIGHT = 1.3;

    /** Of how many examples one is also used in a composition, and the weight of that. */
    static final int COMPOSITION_STRIDE = 3;

    static final double COMPOSITION_WEIGHT = 1;

    /** The maximum factor of the weight of harmless instructions, which are fewer than risky ones. */
    static final double MAX_RISK_BALANCE = 6;

    /**
     * The weight of the instruction in the kernel of actions, where all weights sum to 1. The action depends mostly on the
     * response; with a higher weight, training memorizes the questions of the benchmark.
     */
    static final double INSTRUCTION_WEIGHT = 0.1;

    /** The L2 penalties of the second stage and of calibrations. */
    static final double SECOND_STAGE_PENALTY = 10;

    static final double CALIBRATION_PENALTY = 1;

    /** The cost of an error on the instruction risk. */
    static final double RISK_COST = 2;

    /** The number of sentences of a response to a harmless instruction that become harmless examples, and their weight. */
    static final int HARMLESS_SENTENCES = 2;

    static final double HARMLESS_SENTENCE_WEIGHT = 0.5;

    /** The cost of an error on the harm type, before the classes are fully balanced. */
    static final double HARM_TYPE_COST = 1.3;

    /** The weight of a response as an example of its instruction's harm type, and the number of chars that are read. */
    static final double HARM_TYPE_RESPONSE_WEIGHT = 0.05;

    static final int HARM_TYPE_RESPONSE_CHARS = 600;

    /** The number of folds over instructions, and over responses if there are too few groups. */
    static final int FOLDS = 5;

    private Hyperparameters() {}

    /** Returns the length that each view of a response is scaled to for actions. */
    static double[] responseLengths() {
        return lengths(
                1 - INSTRUCTION_WEIGHT,
                Arrays.stream(ResponseView.values())
                        .mapToDouble(Hyperparameters::weight)
                        .toArray());
    }

    /** Returns the relative weight of a view of a response in the linear kernel of actions. */
    private static double weight(ResponseView view) {
        return switch (view) {
            case WORDS -> 0.7;
            case FUNCTION_WORDS -> 0.3;
            case WORD_PAIRS, RISKS -> 0.5;
            case WORD_TRIPLES -> 0.25;
            case TOKEN_PAIRS, TAIL_CHARACTERS -> 0.4;
            case HEAD_CHARACTERS, HEAD_TOKENS, SENTENCE_STARTS, CLAUSE_STARTS, CUES, CUE_SEQUENCES -> 1;
            case WORD_CHARACTERS -> 2;
        };
    }

    /** Returns the length that each view of a passage is scaled to for harm. */
    static double[] harmLengths() {
        return lengths(
                1,
                Arrays.stream(HarmView.values())
                        .mapToDouble(Hyperparameters::weight)
                        .toArray());
    }

    /** Returns the relative weight of a view of a passage in the linear kernel of harm. */
    private static double weight(HarmView view) {
        return switch (view) {
            case WORDS, WORD_PAIRS, OPENING -> 1;
            case SENTENCE_STARTS -> 0.5;
            case FUNCTION_WORDS, CUES -> 0.3;
            case RISKS -> 0.1;
        };
    }

    /** Returns the length that each view of an instruction is scaled to for actions. */
    static double[] instructionLengths() {
        return lengths(INSTRUCTION_WEIGHT, 0.7, 0.3, 1, 0, 1, 0, 0, 0);
    }

    /**
     * Returns the length that each view of an instruction is scaled to for the instruction risk. Function words alone, start
     * and shape are left out, as they tell data sets apart rather than risks.
     */
    static double[] riskLengths() {
        return lengths(1, 1, 0, 0.7, 0.5, 1, 0, 0, 0.2);
    }

    /** Returns the length that each view of an instruction is scaled to for the harm type. */
    static double[] harmTypeLengths() {
        return lengths(1, 0.7, 0.3, 1, 0, 1, 1.5, 0.3, 0.5);
    }

    /** Returns the lengths of the views, in order. Their squares are proportional to the weights and add up to a total. */
    private static double[] lengths(double total, double... weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double[] lengths = new double[weights.length];
        for (int view = 0; view < weights.length; view++) {
            lengths[view] = Math.sqrt(total * weights[view] / sum);
        }
        return lengths;
    }

    /** Returns the hyperparameters for the provenance. The names are stored in model files, so they must not change. */
    static SortedMap<String, String> parameters() {
        SortedMap<String, String> parameters = new TreeMap<>();
        parameters.put("responseBits", Integer.toString(RESPONSE_TABLE_BITS));
        parameters.put("instructionBits", Integer.toString(INSTRUCTION_TABLE_BITS));
        parameters.put("minTexts", Integer.toString(MIN_DOCUMENT_FREQUENCY));
        parameters.put("maxEpochs", Integer.toString(MAX_EPOCHS));
        parameters.put("tolerance", Float.toString(TOLERANCE));
        parameters.put("actionCost", Double.toString(ACTION_COST));
        parameters.put("actionBalance", Double.toString(ACTION_BALANCE));
        parameters.put("secondOpinion", Double.toString(SECOND_OPINION_WEIGHT));
        parameters.put("benignStride", Integer.toString(HARMLESS_STRIDE));
        parameters.put("benignWeight", Double.toString(HARMLESS_WEIGHT));
        parameters.put("instructionShare", Double.toString(INSTRUCTION_WEIGHT));
        parameters.put("secondStagePenalty", Double.toString(SECOND_STAGE_PENALTY));
        parameters.put("calibrationPenalty", Double.toString(CALIBRATION_PENALTY));
        parameters.put("riskCost", Double.toString(RISK_COST));
        parameters.put("riskEpochs", Integer.toString(RISK_EPOCHS));
        parameters.put("harmlessSentences", Integer.toString(HARMLESS_SENTENCES));
        parameters.put("harmlessSentenceWeight", Double.toString(HARMLESS_SENTENCE_WEIGHT));
        parameters.put("harmTypeCost", Double.toString(HARM_TYPE_COST));
        parameters.put("harmTypeResponseWeight", Double.toString(HARM_TYPE_RESPONSE_WEIGHT));
        parameters.put("harmTypeResponseChars", Integer.toString(HARM_TYPE_RESPONSE_CHARS));
        parameters.put("constructedActionWeight", Double.toString(CONSTRUCTED_ACTION_WEIGHT));
        parameters.put("refusalLabelWeight", Double.toString(REFUSAL_LABEL_WEIGHT));
        parameters.put("maxGroupFolds", Integer.toString(MAX_GROUP_FOLDS));
        parameters.put("manyExamples", Integer.toString(MANY_EXAMPLES));
        parameters.put("minTextsOfMany", Integer.toString(MIN_DOCUMENT_FREQUENCY_OF_MANY));
        parameters.put("harmBits", Integer.toString(HARM_TABLE_BITS));
        parameters.put("harmCost", Double.toString(HARM_COST));
        parameters.put("harmEpochs", Integer.toString(HARM_EPOCHS));
        parameters.put("harmBalance", Double.toString(HARM_BALANCE));
        parameters.put("maxSourceExamples", Double.toString(MAX_SOURCE_EXAMPLES));
        parameters.put("everydayFactor", Double.toString(EVERYDAY_FACTOR));
        parameters.put("refusalCost", Double.toString(REFUSAL_COST));
        parameters.put("assumedRefusalWeight", Double.toString(ASSUMED_REFUSAL_WEIGHT));
        parameters.put("benchmarkHarmBalance", Double.toString(BENCHMARK_HARM_BALANCE));
        parameters.put("stageBalance", Double.toString(STAGE_BALANCE));
        parameters.put("sourceFolds", Integer.toString(SOURCE_FOLDS));
        parameters.put("minSources", Integer.toString(MIN_SOURCES));
        parameters.put("benchmarkStageWeight", Double.toString(BENCHMARK_STAGE_WEIGHT));
        parameters.put("maxSampled", Double.toString(MAX_SAMPLED));
        parameters.put("maxStageExamples", Double.toString(MAX_STAGE_EXAMPLES));
        parameters.put("oneLabelStageWeight", Double.toString(ONE_LABEL_STAGE_WEIGHT));
        parameters.put("compositionStride", Integer.toString(COMPOSITION_STRIDE));
        parameters.put("compositionWeight", Double.toString(COMPOSITION_WEIGHT));
        parameters.put("maxRiskBalance", Double.toString(MAX_RISK_BALANCE));
        parameters.put("folds", Integer.toString(FOLDS));
        for (ResponseView view : ResponseView.values()) {
            parameters.put("view." + view.name().toLowerCase(Locale.ROOT), Double.toString(weight(view)));
        }
        for (HarmView view : HarmView.values()) {
            parameters.put("harmView." + view.name().toLowerCase(Locale.ROOT), Double.toString(weight(view)));
        }
        return parameters;
    }
}
