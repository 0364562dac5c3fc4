package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.donotanswer.classifier.hub.Hub;
import org.donotanswer.classifier.hub.HubException;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.internal.NameSuggestion;

/** Opens model files and checkpoints, and downloads those of the hub. Not thread-safe. */
final class ModelOpener implements EvaluatorFactory {
    private static final String REQUIREMENT = "model must be a file, a checkpoint directory or " + ModelLocation.SYNTAX
            + ", or be left out for the one that comes with dna";
    private static final Pattern REPOSITORY = Pattern.compile("[\\w-][\\w.-]*/[\\w.-]+");

    private static final List<String> PAPER = List.of("LibrAI/longformer-harmful-ro", "LibrAI/longformer-action-ro");

    private final Streams streams;

    ModelOpener(Streams streams) {
        this.streams = streams;
    }

    @Override
    public SafetyEvaluator open(ModelChoice choice) throws IOException, InterruptedException {
        if (choice.isCheckpoint() || isDirectory(choice.model())) {
            NativeParts.require();
        }
        Optional<Path> model = locate(choice.model());
        if (!choice.isCheckpoint()) {
            return noted(ShippedModel.open(model, Optional.of(choice.checkLanguage())));
        }
        Optional<Path> action = locate(choice.action());
        TransformerEvaluator.Builder builder = TransformerEvaluator.builder();
        choice.options().ifPresent(options -> options.accept(builder));
        if (action.isPresent()) {
            builder.harmful(model.orElseThrow()).action(action.get());
        } else {
            builder.checkpoint(model.orElseThrow());
        }
        return noted(builder.build());
    }

    @Override
    public SafetyEvaluator create(String name) throws IOException {
        NativeParts.requireEncoder();
        return EvaluatorFactory.super.create(name);
    }

    /** Says what a user should know about how a checkpoint is read. */
    private SafetyEvaluator noted(SafetyEvaluator evaluator) {
        if (evaluator instanceof TransformerEvaluator transformer) {
            transformer.remarks().forEach(remark -> streams.err().println("dna: " + remark));
        }
        return evaluator;
    }

    private Optional<Path> locate(Optional<ModelLocation> location) throws IOException, InterruptedException {
        if (location.isEmpty()) {
            return Optional.empty();
        }
        if (location.get() instanceof ModelLocation.Hosted hosted) {
            return Optional.of(download(hosted, streams));
        }
        Path path = ((ModelLocation.Local) location.get()).path();
        if (Files.notExists(path)) {
            throw new NoSuchFileException(path.toString(), null, REQUIREMENT + suggestion(path.toString()));
        }
        return Optional.of(path);
    }

    /**
     * Returns the directory of a repository's files, which are downloaded unless they are cached.
     *
     * @throws IOException if they cannot be downloaded
     */
    static Path download(ModelLocation.Hosted hosted, Streams streams) throws IOException, InterruptedException {
        try (DownloadProgress progress = new DownloadProgress(streams)) {
            Hub hub = Hub.builder().progress(progress).build();
            return hub.fetch(hosted.repository(), hosted.revision());
        } catch (HubException e) {
            throw new IOException(e.getMessage() + suggestion(hosted), e);
        }
    }

    private static boolean isDirectory(Optional<ModelLocation> location) {
        return location.orElse(null) instanceof ModelLocation.Local local && Files.isDirectory(local.path());
    }

    /** Returns the end of a message that suggests a repository of the paper, unless it is one. */
    static String suggestion(ModelLocation.Hosted hosted) {
        return PAPER.contains(hosted.repository()) ? "" : NameSuggestion.suggestion(hosted.repository(), PAPER);
    }

    /** Returns the end of a requirement if the path looks like the name of a repository. */
    private static String suggestion(String path) {
        return REPOSITORY.matcher(path).matches()
                        && Files.notExists(Path.of(path).toAbsolutePath().getParent())
                ? " (did you mean '" + ModelLocation.HUB + path + "'?)"
                : "";
    }
}
