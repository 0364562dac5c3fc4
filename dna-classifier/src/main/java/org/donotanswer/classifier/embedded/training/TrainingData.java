package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.donotanswer.classifier.embedded.HarmView;
import org.donotanswer.classifier.embedded.InstructionView;
import org.donotanswer.classifier.embedded.ResponseView;
import org.donotanswer.classifier.embedded.TextFeatures;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.HarmType;

/** The training examples with their distinct instructions and their features. Not thread-safe. */
final class TrainingData {
    private static final int MIN_SENTENCE_CHARS = 25;
    private static final int MAX_SENTENCE_CHARS = 200;

    /**
     * An instruction, which can occur in many examples, with its labels.
     *
     * @param riskProbability the probability that it is risky; 0 if that is unknown
     * @param harmTypes the probability of each type of harm if one is known
     */
    record Instruction(
            String text,
            Optional<Boolean> risky,
            double riskProbability,
            Optional<HarmType> harmType,
            Optional<Distribution<HarmType>> harmTypes) {
        static Instruction of(TrainingExample example) {
            return new Instruction(
                    example.instruction(),
                    example.riskyInstruction(),
                    example.riskyInstruction().isPresent() ? example.riskProbability() : 0,
                    example.harmType(),
                    harmTypesOf(example));
        }
    }

    /** Returns the probability of each type of harm if one is known. */
    static Optional<Distribution<HarmType>> harmTypesOf(TrainingExample example) {
        return example.softLabels().harmTypes().or(() -> example.harmType().map(Distribution::certain));
    }

    /** A sentence of a response, and the number of the instruction; -1 if that is empty. */
    record Sentence(String text, int instruction) {}

    private final List<TrainingExample> examples;
    private final List<Instruction> instructions = new ArrayList<>();

    /** The number of each example's instruction; -1 if that is empty. */
    private final int[] instructionOf;

    private final List<Sentence> harmlessSentences;
    private final TextFeatures features = new TextFeatures();
    private final FeatureIndex responseIndex;
    private final FeatureIndex instructionIndex;
    private final FeatureIndex harmIndex;

    TrainingData(List<TrainingExample> examples, long seed) {
        this.examples = List.copyOf(examples);
        instructionOf = new int[examples.size()];
        collectInstructions();
        harmlessSentences = harmlessSentences(new SplittableRandom(seed));
        responseIndex = indexResponses();
        instructionIndex = indexInstructions();
        harmIndex = indexHarm();
    }

    List<TrainingExample> examples() {
        return examples;
    }

    List<Instruction> instructions() {
        return instructions;
    }

    int instructionOf(int example) {
        return instructionOf[example];
    }

    /** Returns sentences of responses to harmless instructions. */
    List<Sentence> harmlessSentences() {
        return harmlessSentences;
    }

    /** Returns whether any example is one of the benchmark. */
    boolean hasBenchmark() {
        return examples.stream().anyMatch(ActionTraining::isOfBenchmark);
    }

    FeatureIndex responseIndex() {
        return responseIndex;
    }

    FeatureIndex instructionIndex() {
        return instructionIndex;
    }

    FeatureIndex harmIndex() {
        return harmIndex;
    }

    TextFeatures features() {
        return features;
    }

    private void collectInstructions() {
        Map<Long, Integer> numbers = new HashMap<>();
        for (int i = 0; i < examples.size(); i++) {
            TrainingExample example = examples.get(i);
            features.ofInstruction(example.instruction());
            if (features.normalizedLength() == 0) {
                instructionOf[i] = -1;
                continue;
            }
            Instruction instruction = Instruction.of(example);
            Integer known = numbers.putIfAbsent(features.normalizedHash(), instructions.size());
            if (known == null) {
                instructionOf[i] = instructions.size();
                instructions.add(instruction);
            } else {
                instructionOf[i] = known;
                instructions.set(known, merge(instructions.get(known), instruction));
            }
        }
    }

    private static Instruction merge(Instruction first, Instruction second) {
        Instruction risk = first.risky.isPresent() ? first : second;
        Instruction type = first.harmType.isPresent() ? first : second;
        return new Instruction(first.text, risk.risky, risk.riskProbability, type.harmType, type.harmTypes);
    }

    /** Draws sentences of responses to harmless instructions, as harmless instructions themselves are few. */
    private List<Sentence> harmlessSentences(SplittableRandom random) {
        List<Sentence> sentences = new ArrayList<>();
        for (int e = 0; e < examples.size(); e++) {
            TrainingExample example = examples.get(e);
            if (example.response().isPresent() && !example.riskyInstruction().orElse(true)) {
                List<String> candidates = sentences(example.response().get());
                int count = Math.min(Hyperparameters.HARMLESS_SENTENCES, candidates.size());
                for (int i = 0; i < count; i++) {
                    int chosen = i + random.nextInt(candidates.size() - i);
                    sentences.add(new Sentence(candidates.get(chosen), instructionOf[e]));
                    candidates.set(chosen, candidates.get(i));
                }
            }
        }
        return sentences;
    }

    private static List<String> sentences(String text) {
        List<String> sentences = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || endsSentence(text, i)) {
                String sentence =
                        text.substring(start, Math.min(text.length(), i + 1)).strip();
                if (sentence.length() > MIN_SENTENCE_CHARS && sentence.length() < MAX_SENTENCE_CHARS) {
                    sentences.add(sentence);
                }
                start = i + 1;
            }
        }
        return sentences;
    }

    private static boolean endsSentence(String text, int i) {
        char c = text.charAt(i);
        return c == '\n'
                || ((c == '.' || c == '!' || c == '?')
                        && (i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1))));
    }

    private FeatureIndex indexResponses() {
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        boolean hasBenchmark = hasBenchmark();
        for (TrainingExample example : examples) {
            if (example.response().isPresent() && ActionTraining.isOfFirstStage(example, hasBenchmark)) {
                builder.add(features.ofResponse(example.response().orElseThrow()), ResponseView.COUNT);
            }
        }
        return builder.build(Hyperparameters.RESPONSE_TABLE_BITS, Hyperparameters.MIN_DOCUMENT_FREQUENCY);
    }

    private FeatureIndex indexHarm() {
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        for (TrainingExample example : examples) {
            if (HarmTraining.isUsed(example)) {
                features.read(example.response().orElseThrow());
                builder.add(features.ofWholeText(), HarmView.COUNT);
            }
        }
        return builder.build(Hyperparameters.HARM_TABLE_BITS, minDocumentFrequency());
    }

    /** Rare features of large data are noise that only makes the model larger. */
    private int minDocumentFrequency() {
        return examples.size() > Hyperparameters.MANY_EXAMPLES
                ? Hyperparameters.MIN_DOCUMENT_FREQUENCY_OF_MANY
                : Hyperparameters.MIN_DOCUMENT_FREQUENCY;
    }

    private FeatureIndex indexInstructions() {
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        for (Instruction instruction : instructions) {
            builder.add(features.ofInstruction(instruction.text), InstructionView.COUNT);
        }
        for (Sentence sentence : harmlessSentences) {
            builder.add(features.ofInstruction(sentence.text), InstructionView.COUNT);
        }
        return builder.build(Hyperparameters.INSTRUCTION_TABLE_BITS, minDocumentFrequency());
    }

    /** Returns a random fold for each example: that of its instruction, or one drawn separately if it has none. */
    int[] foldsByInstruction(int folds, long seed) {
        int[] ofInstruction = folds(instructions.size(), folds, seed);
        int[] ofExample = folds(examples.size(), folds, seed);
        int[] result = new int[examples.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = instructionOf[i] < 0 ? ofExample[i] : ofInstruction[instructionOf[i]];
        }
        return result;
    }

    /** Returns a random fold for each of {@code count} items; the sizes of the folds differ by at most one. */
    static int[] folds(int count, int folds, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        int[] result = new int[count];
        for (int i = 0; i < count; i++) {
            result[order[i]] = i % folds;
        }
        return result;
    }

    /** Returns the distinct names in sorted order, each with its position. */
    static Map<String, Integer> numbered(List<String> names) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        names.stream().sorted().distinct().forEach(name -> numbers.put(name, numbers.size()));
        return numbers;
    }
}
