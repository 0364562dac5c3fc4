package org.donotanswer.bench.cli;

import java.nio.file.Path;
import java.util.List;

/** The evaluator that an option names. Immutable, hence thread-safe. */
sealed interface EvaluatorChoice {
    /** The name of the model that comes with dna. */
    String EMBEDDED = "embedded";

    /** The name of the fine-tuned encoder that comes with dna. */
    String ENCODER = "encoder";

    /** The name of the cascade of the two. */
    String CASCADE = "cascade";

    /** The name of the LLM that further options describe. */
    String LLM = "llm";

    /** The names of the evaluators that come with dna. */
    List<String> SHIPPED = List.of(EMBEDDED, ENCODER, CASCADE);

    /** How help describes the evaluators that come with dna, and local models. */
    String SHIPPED_OR_LOCAL = EMBEDDED + ", the model that comes with dna; " + ENCODER
            + ", the fine-tuned encoder that comes with it; " + CASCADE + ", the encoder for what " + EMBEDDED
            + " is not sure of; a model file; a checkpoint directory; ";

    /** How help describes a checkpoint of the hub. */
    String HOSTED = ModelLocation.SYNTAX + ", a checkpoint of the Hugging Face hub";

    /** How help describes the evaluators that need no further options. */
    String SYNTAX = SHIPPED_OR_LOCAL + "or " + HOSTED;

    /** Returns the default name of its reviews. */
    String shortName();

    /** The model that comes with dna. */
    record Embedded() implements EvaluatorChoice {
        @Override
        public String shortName() {
            return EMBEDDED;
        }
    }

    /**
     * Another evaluator that comes with dna.
     *
     * @param name its name on the class path
     */
    record Named(String name) implements EvaluatorChoice {
        @Override
        public String shortName() {
            return name;
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
            case ENCODER, CASCADE -> new Named(text);
            case LLM -> new LlmJudge();
            default -> new Model(ModelLocation.of(text));
        };
    }
}
