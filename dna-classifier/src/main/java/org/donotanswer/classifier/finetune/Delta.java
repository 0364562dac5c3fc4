package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.classifier.weights.WeightTensor;

/**
 * What fine-tuning by low-rank changes wrote: factors and heads in PEFT's layout, which need their base. Stateless, hence
 * thread-safe.
 */
public final class Delta {
    private static final long MAX_BYTES = 16 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Delta() {}

    /**
     * Adds a delta to its base and writes a whole classifier, as fine-tuning to a whole one would have written.
     *
     * @param base the directory that was fine-tuned
     * @param delta the directory that fine-tuning wrote
     * @param target a new or empty directory
     * @throws CheckpointException if the delta is malformed, or of another base
     * @throws IOException if the target has files, or a file cannot be read or written
     * @throws IllegalStateException if DJL or PyTorch's native library is missing
     */
    public static void merge(Path base, Path delta, Path target) throws IOException {
        OutputDirectory.requireFree(target);
        Entries peft = read(delta.resolve(Adapter.CONFIG));
        Entries own = read(delta.resolve(Adapter.OWN_FILE));
        own.require("version", own.integer("version") == Adapter.VERSION, String.valueOf(Adapter.VERSION));
        requireBase(base, own);
        ClassifierSetup setup = setup(base, peft, own);
        Map<HeadKind, HeadCalibration> calibrations = calibrations(own);
        String card = Files.readString(required(delta.resolve(ClassifierWriter.CARD)));
        try (TrainableClassifier classifier = open(setup, peft)) {
            classifier.restore(tensors(required(delta.resolve(Adapter.WEIGHTS)), classifier), false);
            ClassifierWriter.writeWhole(classifier, setup, calibrations, card, target);
        }
    }

    private static void requireBase(Path base, Entries own) throws IOException {
        String expected = own.text("base_sha256");
        String found = Adapter.sha256(base);
        if (!found.equals(expected)) {
            throw new CheckpointException(
                    "base must have SHA-256 " + expected + ", but had " + found + " (" + base + ")");
        }
    }

    private static TrainableClassifier open(ClassifierSetup setup, Entries peft) throws IOException {
        try {
            return setup.open();
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(e.getMessage() + " (" + peft.file() + ")", e);
        }
    }

    private static ClassifierSetup setup(Path base, Entries peft, Entries own) throws CheckpointException {
        peft.require("peft_type", peft.text("peft_type").equals("LORA"), "LORA");
        peft.require("bias", peft.text("bias").equals("none"), "none");
        List<HeadKind> heads = own.heads();
        own.require("heads", heads.stream().distinct().count() == heads.size(), "of different kinds");
        try {
            ClassifierSetup.Builder setup = ClassifierSetup.builder(base);
            if (own.root().has("max_tokens")) {
                setup.maxTokens(own.integer("max_tokens"));
            }
            return setup.format(own.constant("input_format", InputFormat.values()))
                    .heads(heads)
                    .lowRank(new LowRank(peft.integer("r"), peft.number("lora_alpha"), peft.texts("target_modules")))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(e.getMessage() + " (" + peft.file() + ")", e);
        }
    }

    private static Map<HeadKind, HeadCalibration> calibrations(Entries own) throws CheckpointException {
        Map<HeadKind, HeadCalibration> calibrations = new EnumMap<>(HeadKind.class);
        for (JsonNode node : own.root().path("heads")) {
            Entries head = new Entries(own.file(), node);
            if (node.has("temperature")) {
                try {
                    OptionalDouble threshold = node.has("threshold")
                            ? OptionalDouble.of(head.number("threshold"))
                            : OptionalDouble.empty();
                    calibrations.put(
                            head.constant("kind", HeadKind.values()),
                            new HeadCalibration(head.number("temperature"), threshold));
                } catch (IllegalArgumentException e) {
                    throw new CheckpointException(e.getMessage() + " (" + own.file() + ")", e);
                }
            }
        }
        return calibrations;
    }

    /** Returns the tensors of a delta by the classifier's names, which must be just those that are trained. */
    private static Map<String, float[]> tensors(Path file, TrainableClassifier classifier) throws IOException {
        Map<String, WeightSource> trained = classifier.trainedWeights();
        Map<String, float[]> tensors = new LinkedHashMap<>();
        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            for (Map.Entry<String, WeightSource> weight : trained.entrySet()) {
                WeightTensor tensor = weights.tensor(Adapter.PREFIX + weight.getKey());
                if (!tensor.shape().equals(weight.getValue().shape())) {
                    throw new CheckpointException(tensor.name() + " must have shape "
                            + weight.getValue().shape() + ", but was " + tensor.shape() + " (" + file + ")");
                }
                tensors.put(weight.getKey(), tensor.toFloats());
            }
            Set<String> unknown = new TreeSet<>(weights.names());
            trained.keySet().forEach(name -> unknown.remove(Adapter.PREFIX + name));
            if (!unknown.isEmpty()) {
                throw new CheckpointException("tensors must be those of " + Adapter.CONFIG + " and the heads, but had "
                        + unknown.iterator().next() + " (" + file + ")");
            }
        }
        return tensors;
    }

    private static Path required(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                    "delta must have " + file.getFileName() + ", but had none (" + file.getParent() + ")");
        }
        return file;
    }

    private static Entries read(Path file) throws IOException {
        required(file);
        if (Files.size(file) > MAX_BYTES) {
            throw new CheckpointException("size of " + file.getFileName() + " must be at most " + MAX_BYTES
                    + " bytes, but was " + Files.size(file) + " (" + file + ")");
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (!root.isObject()) {
                throw new CheckpointException(file.getFileName() + " must be a JSON object, but was "
                        + root.getNodeType() + " (" + file + ")");
            }
            return new Entries(file, root);
        } catch (JsonProcessingException | CharConversionException e) {
            throw new CheckpointException(file.getFileName() + " must be JSON, but was malformed (" + file + ")", e);
        }
    }

    /** The entries of a JSON object of a file. */
    private record Entries(Path file, JsonNode root) {
        void require(String name, boolean valid, String requirement) throws CheckpointException {
            if (!valid) {
                JsonNode found = root.path(name);
                throw new CheckpointException(name + " must be " + requirement + ", but was "
                        + (found.isMissingNode() ? "missing" : found) + " (" + file + ")");
            }
        }

        int integer(String name) throws CheckpointException {
            JsonNode node = root.path(name);
            require(name, node.isIntegralNumber() && node.canConvertToInt(), "an integer");
            return node.intValue();
        }

        double number(String name) throws CheckpointException {
            require(name, root.path(name).isNumber(), "a number");
            return root.path(name).doubleValue();
        }

        String text(String name) throws CheckpointException {
            require(name, root.path(name).isTextual(), "a string");
            return root.path(name).textValue();
        }

        List<String> texts(String name) throws CheckpointException {
            JsonNode list = root.path(name);
            List<String> texts = new ArrayList<>();
            list.forEach(node -> texts.add(node.isTextual() ? node.textValue() : ""));
            require(name, list.isArray() && !list.isEmpty() && !texts.contains(""), "a list of names");
            return texts;
        }

        /** Returns the constant with a name in lower case. */
        <E extends Enum<E>> E constant(String name, E[] constants) throws CheckpointException {
            String text = text(name);
            List<String> names = Arrays.stream(constants)
                    .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                    .toList();
            require(name, names.contains(text), "one of " + String.join(", ", names));
            return constants[names.indexOf(text)];
        }

        List<HeadKind> heads() throws CheckpointException {
            List<HeadKind> kinds = new ArrayList<>();
            require("heads", root.path("heads").isArray() && !root.path("heads").isEmpty(), "a list of heads");
            for (JsonNode node : root.path("heads")) {
                kinds.add(new Entries(file, node).constant("kind", HeadKind.values()));
            }
            return kinds;
        }
    }
}
