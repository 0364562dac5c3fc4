package org.donotanswer.bench.cli;

/** The headings under which help lists options, in their order. Immutable, hence thread-safe. */
enum HelpSection {
    INPUT_OUTPUT("Input and output"),
    LLM("LLM under test"),
    EVALUATOR("Evaluator"),
    COMBINATION("Cascade and ensemble"),
    CHECKPOINT("Checkpoint"),
    LLM_JUDGE("LLM as judge"),
    REQUESTS("Requests"),
    ANNOTATION("Annotation"),
    POLICY("Policy"),
    DISTILLATION("Distillation"),
    FINE_TUNING("Fine-tuning"),
    FIGURES("Figures"),
    COMPUTATION("Computation"),
    GENERAL("General");

    private final String heading;

    HelpSection(String heading) {
        this.heading = heading;
    }

    /** Returns the heading. */
    String heading() {
        return heading;
    }
}
