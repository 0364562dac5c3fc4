package org.donotanswer.bench;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.classifier.hub.Hub;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Opens models of all kinds, and fetches those of the hub. Not thread-safe. */
final class Models implements Evaluators {
    /** With what the engine's own message begins, after a trace of the program. */
    private static final String REASON = "RuntimeError:";

    private final Streams streams;

    Models(Streams streams) {
        this.streams = streams;
    }

    @Override
    public SafetyEvaluator open(ModelChoice choice) throws IOException, InterruptedException {
        Optional<Path> model = locate(choice.model());
        if (!choice.isCheckpoint()) {
            return ShippedModel.open(model, Optional.of(choice.checkLanguage()));
        }
        Optional<Path> action = locate(choice.action());
        TransformerEvaluator.Builder builder = TransformerEvaluator.builder();
        choice.options().ifPresent(options -> options.accept(builder));
        if (action.isPresent()) {
            builder.harmful(model.orElseThrow()).action(action.get());
        } else {
            builder.checkpoint(model.orElseThrow());
        }
        try {
            return builder.build();
        } catch (EngineException e) {
            throw new IllegalStateException(
                    "checkpoint and precision must be such that PyTorch runs them on this processor, but were not ("
                            + reason(e) + ")",
                    e);
        }
    }

    /** Returns the line that tells what is wrong; the others quote the program. */
    private static String reason(EngineException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .filter(line -> line.startsWith(REASON))
                .map(line -> line.substring(REASON.length()).strip())
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    private Optional<Path> locate(Optional<ModelPlace> place) throws IOException, InterruptedException {
        if (place.isEmpty()) {
            return Optional.empty();
        }
        if (place.get() instanceof ModelPlace.Hosted hosted) {
            try (DownloadProgress progress = new DownloadProgress(streams)) {
                Hub hub = Hub.builder().progress(progress).build();
                return Optional.of(hub.fetch(hosted.repository(), hosted.revision()));
            }
        }
        return Optional.of(((ModelPlace.Local) place.get()).path());
    }
}
