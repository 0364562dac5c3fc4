package org.donotanswer.classifier.embedded.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.embedded.ResponseView;

/** The hyperparameters of training. */
final class Hyperparameters {
    /** The binary logarithms of the numbers of slots in the tables of response and instruction features. */
    static final int RESPONSE_TABLE_BITS = 19;

    static final int INSTRUCTION_TABLE_BITS = 17;

    /** The minimum number of texts that a feature occurs in. */
    static final int MIN_DOCUMENT_FREQUENCY = 2;

    /** The maximum epochs and the tolerance of dual coordinate descent. */
    static final int MAX_EPOCHS = 8;

    static final float TOLERANCE = 2e-3f;

    /** The maximum epochs for the instruction risk, as instructions are few and short. */
    static final int RISK_EPOCHS = 120;

    /** The cost of an error on an action, before the classes are balanced. */
    static final double ACTION_COST = 1.5;

    /** The exponent of the class balance of actions: 0 for none, 1 for full balance. */
    static final double ACTION_BALANCE = 0.5;

    /** The weight of the second opinion in a soft label. */
    static final double SECOND_OPINION_WEIGHT = 0.2;

    /** The weight of a response to a harmless instruction as an example of following the instruction. */
    static final double HARMLESS_WEIGHT = 0.03;

    /** The weight of a response to a harmless instruction as an example of a harmless topic. */
    static final double HARMLESS_TOPIC_WEIGHT = 0.3;

    /** The cost of an error on the topic risk of a response, and the weight of an instruction as an example. */
    static final double TOPIC_COST = 1.5;

    static final double INSTRUCTION_TOPIC_WEIGHT = 0.3;

    /**
     * The weight of the instruction in the kernel of actions, where all weights sum to 1. The action depends mostly on the
     * response; with a higher weight, training memorizes the questions of the benchmark.
     */
    static final double INSTRUCTION_WEIGHT = 0.1;

    /** The L2 penalties of the second stage and of calibrations. */
    static final double SECOND_STAGE_PENALTY = 10;

    static final double CALIBRATION_PENALTY = 1;

    /** The steepness of the gate of the harm head, and the weight of the topic margin relative to the instruction risk. */
    static final double GATE_SHARPNESS = 32;

    static final double TOPIC_WEIGHT = 0.1;

    /** The maximum proportion of harmless exchanges flagged when the gate is fitted to the training data. */
    static final double MAX_FALSE_ALARM_PROPORTION = 0.005;

    /**
     * The maximum offset of the gate, in margins. Instructions trained on have margins near 1, so that a higher offset would
     * close the gate to known risky instructions because of a few harmless ones that look alike.
     */
    static final double MAX_GATE_OFFSET = 0.9;

    /** The cost of an error on the instruction risk. */
    static final double RISK_COST = 300;

    /** The number of sentences of a response to a harmless instruction that become harmless examples, and their weight. */
    static final int HARMLESS_SENTENCES = 2;

    static final double HARMLESS_SENTENCE_WEIGHT = 0.3;

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

    /** Returns the length that each view of a response is scaled to for the topic risk, which uses words alone. */
    static double[] topicLengths() {
        double[] weights = new double[ResponseView.COUNT];
        weights[ResponseView.WORDS.index()] = 1;
        weights[ResponseView.WORD_CHARACTERS.index()] = 1;
        weights[ResponseView.RISKS.index()] = 1;
        return lengths(1, weights);
    }

    /** Returns the length that each view of an instruction is scaled to for actions. */
    static double[] instructionLengths() {
        return lengths(INSTRUCTION_WEIGHT, 0.7, 0.3, 1, 0, 1, 0, 0, 0);
    }

    /**
     * Returns the length that each view of an instruction is scaled to for the instruction risk. Function words, start and
     * shape are left out, as they tell data sets apart rather than risks.
     */
    static double[] riskLengths() {
        return lengths(1, 1, 0, 0, 0.5, 1, 0, 0, 1);
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
        parameters.put("benignWeight", Double.toString(HARMLESS_WEIGHT));
        parameters.put("benignMatterWeight", Double.toString(HARMLESS_TOPIC_WEIGHT));
        parameters.put("gateSharpness", Double.toString(GATE_SHARPNESS));
        parameters.put("matterShare", Double.toString(TOPIC_WEIGHT));
        parameters.put("maxGateOffset", Double.toString(MAX_GATE_OFFSET));
        parameters.put("maxFalseAlarms", Double.toString(MAX_FALSE_ALARM_PROPORTION));
        parameters.put("instructionShare", Double.toString(INSTRUCTION_WEIGHT));
        parameters.put("secondStagePenalty", Double.toString(SECOND_STAGE_PENALTY));
        parameters.put("calibrationPenalty", Double.toString(CALIBRATION_PENALTY));
        parameters.put("riskCost", Double.toString(RISK_COST));
        parameters.put("matterCost", Double.toString(TOPIC_COST));
        parameters.put("instructionMatterWeight", Double.toString(INSTRUCTION_TOPIC_WEIGHT));
        parameters.put("riskEpochs", Integer.toString(RISK_EPOCHS));
        parameters.put("harmlessSentences", Integer.toString(HARMLESS_SENTENCES));
        parameters.put("harmlessSentenceWeight", Double.toString(HARMLESS_SENTENCE_WEIGHT));
        parameters.put("harmTypeCost", Double.toString(HARM_TYPE_COST));
        parameters.put("harmTypeResponseWeight", Double.toString(HARM_TYPE_RESPONSE_WEIGHT));
        parameters.put("harmTypeResponseChars", Integer.toString(HARM_TYPE_RESPONSE_CHARS));
        parameters.put("folds", Integer.toString(FOLDS));
        for (ResponseView view : ResponseView.values()) {
            parameters.put("view." + view.name().toLowerCase(Locale.ROOT), Double.toString(weight(view)));
        }
        return parameters;
    }
}
