package org.donotanswer.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.donotanswer.internal.NameSuggestion;

/** The providers of evaluators, by descending priority and then by name. Immutable, hence thread-safe. */
final class Providers {
    private static final String CLASSIFIER = "dna-classifier";
    private static final String ENCODER = "dna-encoder";

    /** The artifacts of the library's own evaluators. */
    private static final Map<String, String> ARTIFACTS =
            Map.of("embedded", CLASSIFIER, "transformer", CLASSIFIER, "encoder", ENCODER, "cascade", ENCODER);

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
        return createFirst(providers);
    }

    SafetyEvaluator createForGuard() {
        return createFirst(providers.stream()
                .sorted(Comparator.comparingInt(EvaluatorProvider::guardPriority)
                        .reversed()
                        .thenComparing(EvaluatorProvider::name))
                .toList());
    }

    private static SafetyEvaluator createFirst(List<EvaluatorProvider> providers) {
        for (EvaluatorProvider provider : providers) {
            Optional<SafetyEvaluator> evaluator = createDefault(provider);
            if (evaluator.isPresent()) {
                return evaluator.get();
            }
        }
        throw noProvider("an embedded model");
    }

    SafetyEvaluator create(String name) {
        Objects.requireNonNull(name, "name");
        EvaluatorProvider provider = providers.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        return createDefault(provider)
                .orElseThrow(() -> new IllegalArgumentException(
                        "name must be that of an evaluator that needs no model file, but was " + name));
    }

    private static Optional<SafetyEvaluator> createDefault(EvaluatorProvider provider) {
        try {
            return provider.createDefault();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Returns what is wrong with a name that no provider has: its artifact is missing, or there is no such evaluator. */
    private RuntimeException unknown(String name) {
        String message = "name must be that of an evaluator on the class path ("
                + (providers.isEmpty() ? "none" : names()) + "), but was '" + name + "'";
        String artifact = ARTIFACTS.get(name);
        return artifact == null
                ? new IllegalArgumentException(message
                        + NameSuggestion.suggestion(
                                name,
                                providers.stream().map(EvaluatorProvider::name).toList()))
                : new IllegalStateException(message + toAdd(artifact));
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
        throw new ModelFormatException(
                "model must be of a kind that a provider on the class path knows (" + names() + "), but was " + model);
    }

    private String names() {
        return providers.stream().map(EvaluatorProvider::name).collect(Collectors.joining(", "));
    }

    private static IllegalStateException noProvider(String what) {
        return new IllegalStateException("class path must have " + what + ", but was without one" + toAdd(CLASSIFIER));
    }

    private static String toAdd(String artifact) {
        return " (add the artifact org.donotanswer:" + artifact + ")";
    }
}
