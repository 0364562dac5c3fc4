package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.internal.Sha256;

/**
 * A low-rank change as PEFT stores it: {@code adapter_config.json} and {@code adapter_model.safetensors}. What PEFT has no
 * place for is in a file of its own, {@code delta.json}, as releases of PEFT before 0.13 refuse entries that they do not know.
 * Immutable, hence thread-safe.
 *
 * @param baseName the name of the base
 * @param baseSha256 the checksum of the base's weights, see {@link #sha256}
 * @param lowRank with the full names of the linear maps that are changed as targets
 * @param modules the names of the modules that are stored whole, in the order of the weights
 * @param maxTokens the maximum number of tokens that was trained; empty for that of the base
 */
record Adapter(String baseName, String baseSha256, LowRank lowRank, List<String> modules, OptionalInt maxTokens) {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String OWN_FILE = "delta.json";

    /** What PEFT puts before the names of the model that it wraps. */
    static final String PREFIX = "base_model.model.";

    static final int VERSION = 1;

    private static final int BUFFER_BYTES = 1 << 16;

    Adapter {
        modules = List.copyOf(modules);
    }

    /**
     * Returns that of a classifier.
     *
     * @throws IllegalArgumentException if it has no low-rank change, keeps the base's heads, or starts from scratch
     */
    static Adapter of(TrainableClassifier classifier, ClassifierSetup setup, String baseName) throws IOException {
        LowRank lowRank = setup.lowRank()
                .orElseThrow(() ->
                        new IllegalArgumentException("setup of a delta must have a low-rank change, but had none"));
        if (setup.heads().isEmpty()) {
            throw new IllegalArgumentException("setup of a delta must name its heads, but named none");
        }
        if (setup.fromScratch()) {
            throw new IllegalArgumentException(
                    "setup of a delta must have a base with weights, but started from scratch");
        }
        List<String> targets = new ArrayList<>();
        Set<String> modules = new TreeSet<>();
        for (String name : classifier.trainedNames()) {
            if (name.endsWith(LowRank.FACTOR_A)) {
                targets.add(name.substring(0, name.length() - LowRank.FACTOR_A.length()));
            } else if (!name.endsWith(LowRank.FACTOR_B)) {
                modules.add(module(name));
            }
        }
        return new Adapter(
                baseName,
                sha256(setup.base()),
                new LowRank(lowRank.rank(), lowRank.alpha(), targets),
                List.copyOf(modules),
                setup.maxTokens());
    }

    /**
     * Returns the module of a weight of a head. Heads are not nested in the reference but for the pooler in an encoder, and
     * PEFT finds modules by the ends of their names.
     */
    private static String module(String weight) {
        String[] parts = weight.split("\\.", -1);
        return parts.length > 2 && parts[1].equals("pooler") ? parts[1] : parts[0];
    }

    /** Returns weights under the names that PEFT gives them. */
    Map<String, WeightSource> tensors(Map<String, WeightSource> weights) {
        Map<String, WeightSource> tensors = new LinkedHashMap<>();
        weights.forEach((name, weight) -> tensors.put(PREFIX + name, weight));
        return tensors;
    }

    /** Returns the content of {@link #CONFIG}. */
    ObjectNode configJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putNull("auto_mapping");
        json.put("base_model_name_or_path", baseName);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        double alpha = lowRank.alpha();
        if (alpha == Math.rint(alpha)) {
            json.put("lora_alpha", (int) alpha);
        } else {
            json.put("lora_alpha", alpha);
        }
        json.put("lora_dropout", 0.0);
        addAll(json.putArray("modules_to_save"), modules);
        json.put("peft_type", "LORA");
        json.put("r", lowRank.rank());
        json.putNull("revision");
        addAll(json.putArray("target_modules"), lowRank.targets());
        json.put("task_type", "SEQ_CLS");
        return json;
    }

    private static void addAll(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    /** Returns the content of {@link #OWN_FILE}: the checksum of the base, and what differs in the configuration. */
    ObjectNode ownJson(ObjectNode config) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION);
        json.put("base_sha256", baseSha256);
        maxTokens.ifPresent(tokens -> json.put("max_tokens", tokens));
        for (String key : List.of("input_format", "id2label", "label2id", "heads")) {
            JsonNode value = config.get(key);
            if (value != null) {
                json.set(key, value);
            }
        }
        return json;
    }

    /**
     * Returns the SHA-256 of the weights of a directory: of the content of the file, or of all shards in the order of their
     * names, one after the other.
     */
    static String sha256(Path directory) throws IOException {
        List<Path> files;
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            files = weights.files();
        }
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                }
            }
        }
        return Sha256.hex(digest.digest());
    }
}
