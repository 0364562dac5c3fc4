package org.donotanswer.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The providers of evaluators, by descending priority and then by name. Immutable, hence thread-safe. */
final class Providers {
    private final List<EvaluatorProvider> providers;

    Providers(List<EvaluatorProvider> providers) {
        this.providers = providers.stream()
                .sorted(Comparator.comparingInt(EvaluatorProvider::priority)
                        .reversed()
                        .thenComparing(EvaluatorProvider::name))
                .toList();
    }

    /**
     * Returns the providers that the thread's class loader finds or, in containers that hide them from it, this class's
     * own loader.
     */
    static Providers installed() {
        List<EvaluatorProvider> found = list(ServiceLoader.load(EvaluatorProvider.class));
        return new Providers(
                found.isEmpty()
                        ? list(ServiceLoader.load(EvaluatorProvider.class, Providers.class.getClassLoader()))
                        : found);
    }

    private static List<EvaluatorProvider> list(ServiceLoader<EvaluatorProvider> loader) {
        return loader.stream().map(ServiceLoader.Provider::get).toList();
    }

    SafetyEvaluator create() {
        try {
            for (EvaluatorProvider provider : providers) {
                Optional<SafetyEvaluator> evaluator = provider.createDefault();
                if (evaluator.isPresent()) {
                    return evaluator.get();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        throw noProvider("an embedded model");
    }

    SafetyEvaluator load(Path model) throws IOException {
        Objects.requireNonNull(model, "model");
        if (providers.isEmpty()) {
            throw noProvider("a provider of evaluators");
        }
        if (!Files.exists(model)) {
            throw new NoSuchFileException(model.toString(), null, "model must be a file or directory");
        }
        for (EvaluatorProvider provider : providers) {
            if (provider.supports(model)) {
                return provider.load(model);
            }
        }
        throw new ModelFormatException("model must be of a kind that a provider on the class path knows ("
                + providers.stream().map(EvaluatorProvider::name).collect(Collectors.joining(", "))
                + "), but was " + model);
    }

    private static IllegalStateException noProvider(String what) {
        return new IllegalStateException("class path must have " + what
                + ", but was without one (add the artifact org.donotanswer:dna-classifier)");
    }
}
