package org.donotanswer.classifier.embedded.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.embedded.ResponseView;

/** The hyper-parameters of training, and where they come from. */
final class Hyperparameters {
    /** Slots of the tables of response and instruction features, as powers of two. */
    static final int RESPONSE_BITS = 19;

    static final int INSTRUCTION_BITS = 17;

    /** In how many texts a feature occurs at least. */
    static final int MIN_TEXTS = 2;

    /** Epochs and tolerance of dual coordinate descent. */
    static final int MAX_EPOCHS = 8;

    static final float TOLERANCE = 2e-3f;

    /** Epochs for the risk of instructions, which are few and short. */
    static final int RISK_EPOCHS = 120;

    /** The cost of an error on an action, times what balances the classes. */
    static final double ACTION_COST = 1.5;

    /** The power of the balancing of classes: 0 none, 1 full. */
    static final double ACTION_BALANCE = 0.5;

    /** How much of a label is the second opinion. */
    static final double SECOND_OPINION = 0.2;

    /** What a response to a harmless instruction counts as an example of following one. */
    static final double BENIGN_WEIGHT = 0.03;

    /** What such a response counts as an example of a harmless matter. */
    static final double BENIGN_MATTER_WEIGHT = 0.3;

    /** The cost of an error on the matter of a response, and what an instruction counts as an example. */
    static final double MATTER_COST = 1.5;

    static final double INSTRUCTION_MATTER_WEIGHT = 0.3;

    /**
     * The instruction's share in the kernel of actions. A response's action hangs on the response; with more, training
     * learns the benchmark's questions by heart.
     */
    static final double INSTRUCTION_SHARE = 0.1;

    /** The L2 penalties of the second stage and of the calibration of harmfulness. */
    static final double SECOND_STAGE_PENALTY = 10;

    static final double CALIBRATION_PENALTY = 1;

    /** How steep the gate of harm is, and what the margin of the matter counts in it beside that of the risk. */
    static final double GATE_SHARPNESS = 32;

    static final double MATTER_SHARE = 0.1;

    /** The share of harmless exchanges that may be flagged when the threshold is set on the training data. */
    static final double MAX_FALSE_ALARMS = 0.005;

    /**
     * The highest offset of the gate, in margins: instructions that were trained on lie near 1, and the gate is not to shut
     * out what is known to be risky because of a few harmless instructions that look the same.
     */
    static final double MAX_GATE_OFFSET = 0.9;

    /** The cost of an error on the risk of an instruction. */
    static final double RISK_COST = 300;

    /** How many sentences of each response to a harmless instruction are examples of harmless text, and what each counts. */
    static final int HARMLESS_SENTENCES = 2;

    static final double HARMLESS_SENTENCE_WEIGHT = 0.3;

    /** The cost of an error on the type of harm, times what balances the classes in full. */
    static final double HARM_TYPE_COST = 1.3;

    /** What a response counts as an example of its instruction's type of harm, and how much of it is read, in chars. */
    static final double HARM_TYPE_RESPONSE_WEIGHT = 0.05;

    static final int HARM_TYPE_RESPONSE_CHARS = 600;

    /** Folds over instructions, and over responses where there are not enough groups. */
    static final int FOLDS = 5;

    private Hyperparameters() {}

    /** Returns the lengths to which the views of a response are scaled for actions. */
    static double[] responseLengths() {
        return lengths(
                1 - INSTRUCTION_SHARE,
                Arrays.stream(ResponseView.values())
                        .mapToDouble(Hyperparameters::weight)
                        .toArray());
    }

    /** The weight of a view of a response in the linear kernel of actions, beside those of the other views. */
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

    /** Returns the lengths to which they are scaled for the matter: words alone. */
    static double[] matterLengths() {
        double[] weights = new double[ResponseView.COUNT];
        weights[ResponseView.WORDS.index()] = 1;
        weights[ResponseView.WORD_CHARACTERS.index()] = 1;
        weights[ResponseView.RISKS.index()] = 1;
        return lengths(1, weights);
    }

    /** Returns the lengths to which the views of an instruction are scaled for actions. */
    static double[] instructionLengths() {
        return lengths(INSTRUCTION_SHARE, 0.7, 0.3, 1, 0, 1, 0, 0, 0);
    }

    /** The same, for the risk of an instruction: its function words, beginning and shape tell
     * the data set and not the risk. */
    static double[] riskLengths() {
        return lengths(1, 1, 0, 0, 0.5, 1, 0, 0, 1);
    }

    /** The same, for the type of harm. */
    static double[] harmTypeLengths() {
        return lengths(1, 0.7, 0.3, 1, 0, 1, 1.5, 0.3, 0.5);
    }

    /** Returns lengths whose squares sum to a share, in proportion to the weights, in the order of the views. */
    private static double[] lengths(double share, double... weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double[] lengths = new double[weights.length];
        for (int view = 0; view < weights.length; view++) {
            lengths[view] = Math.sqrt(share * weights[view] / total);
        }
        return lengths;
    }

    static SortedMap<String, String> parameters() {
        SortedMap<String, String> parameters = new TreeMap<>();
        parameters.put("responseBits", Integer.toString(RESPONSE_BITS));
        parameters.put("instructionBits", Integer.toString(INSTRUCTION_BITS));
        parameters.put("minTexts", Integer.toString(MIN_TEXTS));
        parameters.put("maxEpochs", Integer.toString(MAX_EPOCHS));
        parameters.put("tolerance", Float.toString(TOLERANCE));
        parameters.put("actionCost", Double.toString(ACTION_COST));
        parameters.put("actionBalance", Double.toString(ACTION_BALANCE));
        parameters.put("secondOpinion", Double.toString(SECOND_OPINION));
        parameters.put("benignWeight", Double.toString(BENIGN_WEIGHT));
        parameters.put("benignMatterWeight", Double.toString(BENIGN_MATTER_WEIGHT));
        parameters.put("gateSharpness", Double.toString(GATE_SHARPNESS));
        parameters.put("matterShare", Double.toString(MATTER_SHARE));
        parameters.put("maxGateOffset", Double.toString(MAX_GATE_OFFSET));
        parameters.put("maxFalseAlarms", Double.toString(MAX_FALSE_ALARMS));
        parameters.put("instructionShare", Double.toString(INSTRUCTION_SHARE));
        parameters.put("secondStagePenalty", Double.toString(SECOND_STAGE_PENALTY));
        parameters.put("calibrationPenalty", Double.toString(CALIBRATION_PENALTY));
        parameters.put("riskCost", Double.toString(RISK_COST));
        parameters.put("matterCost", Double.toString(MATTER_COST));
        parameters.put("instructionMatterWeight", Double.toString(INSTRUCTION_MATTER_WEIGHT));
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
