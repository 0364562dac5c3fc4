package org.donotanswer.bench.cli;

import java.nio.file.Path;

/** Which evaluator is to review, as an option names it. */
sealed interface EvaluatorChoice {
    /** What names the model that comes with dna. */
    String EMBEDDED = "embedded";

    /** What names the LLM of the options. */
    String LLM = "llm";

    /** Returns what its reviews are called where no other name is given. */
    String shortName();

    /** The model that comes with dna. */
    record Embedded() implements EvaluatorChoice {
        @Override
        public String shortName() {
            return EMBEDDED;
        }
    }

    /** The LLM of the options. */
    record LlmJudge() implements EvaluatorChoice {
        @Override
        public String shortName() {
            return LLM;
        }
    }

    /** A model's file, a checkpoint's directory, or one of the hub. */
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
     * Returns the choice that a text names.
     *
     * @throws IllegalArgumentException if it names none
     */
    static EvaluatorChoice of(String text) {
        return switch (text) {
            case EMBEDDED -> new Embedded();
            case LLM -> new LlmJudge();
            default -> new Model(ModelLocation.of(text));
        };
    }
}
