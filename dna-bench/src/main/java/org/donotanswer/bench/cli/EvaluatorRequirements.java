package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.donotanswer.bench.comparison.Artifact;
import org.donotanswer.bench.comparison.Requirements;

/** Finds out what an application needs for an evaluator. Not thread-safe. */
final class EvaluatorRequirements {
    private static final String CLASSIFIER = "dna-classifier";
    private static final String APACHE = "Apache-2.0";
    /** The licence in the header of a model card. */
    private static final Pattern LICENCE = Pattern.compile("(?m)\\A---\\R(?:(?!---).*\\R)*?license: *(\\S.*?) *$");

    private final Streams streams;

    EvaluatorRequirements(Streams streams) {
        this.streams = streams;
    }

    /**
     * Returns what is needed for an evaluator, which was opened before.
     *
     * @throws IOException if its files cannot be read
     */
    Requirements of(EvaluatorChoice choice) throws IOException, InterruptedException {
        if (choice instanceof EvaluatorChoice.LlmJudge) {
            return new Requirements(
                    CLASSIFIER + ", langchain4j-open-ai",
                    Artifact.bytes(Artifact.ofLlmJudge()),
                    APACHE + "; that of the LLM",
                    Requirements.PURE_JAVA,
                    "each exchange");
        }
        if (choice instanceof EvaluatorChoice.Model model) {
            return model.location() instanceof ModelLocation.Hosted hosted
                    ? checkpoint(ModelOpener.download(hosted, streams), "the first time, to download")
                    : local(((ModelLocation.Local) model.location()).path());
        }
        // The cascade is of the embedded model and the encoder.
        return choice instanceof EvaluatorChoice.Embedded ? embedded(0, APACHE) : encoder();
    }

    private static Requirements local(Path path) throws IOException {
        return Files.isDirectory(path)
                ? checkpoint(path, Requirements.NO_NETWORK)
                : embedded(Files.size(path), "that of the model file");
    }

    private static Requirements embedded(long modelBytes, String licence) throws IOException {
        return new Requirements(
                CLASSIFIER,
                Artifact.bytes(Artifact.ofEmbedded()) + modelBytes,
                licence,
                Requirements.PURE_JAVA,
                Requirements.NO_NETWORK);
    }

    private static Requirements encoder() throws IOException {
        return new Requirements(
                "dna-encoder",
                Artifact.bytes(Artifact.ofEncoder()),
                APACHE + "; ONNX Runtime MIT",
                "ONNX Runtime, tokenizers",
                Requirements.NO_NETWORK);
    }

    private static Requirements checkpoint(Path directory, String network) throws IOException {
        Set<Artifact> artifacts = Artifact.ofCheckpoints();
        return new Requirements(
                "dna-pytorch, pytorch-native-cpu",
                Artifact.bytes(artifacts) + size(directory),
                licence(directory).orElse("that of the checkpoint"),
                "PyTorch, tokenizers",
                network);
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(EvaluatorRequirements::fileSize)
                    .sum();
        }
    }

    private static long fileSize(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the licence that a checkpoint's model card states. */
    private static Optional<String> licence(Path directory) throws IOException {
        Path card = directory.resolve("README.md");
        if (!Files.isRegularFile(card)) {
            return Optional.empty();
        }
        Matcher licence = LICENCE.matcher(new String(Files.readAllBytes(card), StandardCharsets.UTF_8));
        return licence.find() ? Optional.of(licence.group(1)) : Optional.empty();
    }
}
