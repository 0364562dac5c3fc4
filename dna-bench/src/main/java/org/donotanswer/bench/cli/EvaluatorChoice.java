package org.donotanswer.bench.cli;

import java.nio.file.Path;

/** The evaluator that an option names. Immutable, hence thread-safe. */
sealed interface EvaluatorChoice {
    /** The name of the model that comes with dna. */
    String EMBEDDED = "embedded";

    /** The name of the LLM that further options describe. */
    String LLM = "llm";

    /** Returns the default name of its reviews. */
    String shortName();

    /** The model that comes with dna. */
    record Embedded() implements EvaluatorChoice {
        @Override
        public String shortName() {
            return EMBEDDED;
        }
    }

    /** The LLM that further options describe. */
    record LlmJudge() implements EvaluatorChoice {
        @Override
        public String shortName() {
            return LLM;
        }
    }

    /** A model file, a checkpoint directory or a checkpoint of the hub. */
    record Model(ModelLocation location) implements EvaluatorChoice {
        @Override
        public String shortName() {
            if (location instanceof ModelLocation.Hosted hosted) {
                return hosted.repository().substring(hosted.repository().indexOf('/') + 1);
            }
            Path path = ((ModelLocation.Local) location).path().toAbsolutePath().normalize();
            return path.getFileName() == null ? "model" : path.getFileName().toString();
        }
    }

    /**
     * Parses the name of an evaluator.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static EvaluatorChoice of(String text) {
        return switch (text) {
            case EMBEDDED -> new Embedded();
            case LLM -> new LlmJudge();
            default -> new Model(ModelLocation.of(text));
        };
    }
}
