package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.classifier.hub.Hub;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Opens models of all kinds, and fetches those of the hub. Not thread-safe. */
final class Models implements Evaluators {
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
        return builder.build();
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
