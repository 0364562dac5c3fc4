package org.donotanswer.classifier.finetune;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.internal.Sha256;

/** The checksum of all that a training depends on, so that only the same training is resumed. */
final class TrainingFingerprint {
    private static final List<String> BASE_FILES = Stream.concat(
                    Stream.of(ClassifierWriter.CONFIG), ClassifierWriter.TOKENIZER_FILES.stream())
            .toList();

    private TrainingFingerprint() {}

    static String of(
            ClassifierSetup setup,
            FineTuningOptions options,
            List<FineTuningExample> training,
            List<FineTuningExample> heldOut)
            throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 must be available, but was not", e);
        }
        // How often the state is saved, and where the base lies, makes no difference.
        add(digest, options.toString().replaceAll("stepsPerSave=\\d+, ", ""));
        add(digest, withoutBase(setup).toString());
        for (String name : BASE_FILES) {
            Path file = setup.base().resolve(name);
            add(digest, Files.exists(file) ? Sha256.of(file) : "none");
        }
        add(digest, setup.fromScratch() ? "none" : Adapter.sha256(setup.base()));
        for (List<FineTuningExample> examples : List.of(training, heldOut)) {
            add(digest, String.valueOf(examples.size()));
            for (FineTuningExample example : examples) {
                add(digest, example.instruction());
                add(digest, example.response().orElse(""));
                add(digest, example.source());
                add(digest, example.targets().toString());
                add(digest, String.valueOf(example.weight()));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static ClassifierSetup withoutBase(ClassifierSetup setup) {
        return new ClassifierSetup(
                Path.of(""),
                setup.fromScratch(),
                setup.heads(),
                setup.format(),
                setup.maxTokens(),
                setup.windows(),
                setup.windowOverlap(),
                setup.frozenEmbeddings(),
                setup.frozenLayers(),
                setup.lowRank(),
                setup.dropout(),
                setup.precision(),
                setup.threads(),
                setup.seed());
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(String.valueOf(bytes.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(bytes);
    }
}
