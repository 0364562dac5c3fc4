package org.donotanswer.bench.crossvalidation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** What is held out, so that a test shows how a model does on what it has not seen. Immutable, hence thread-safe. */
public enum Protocol {
    /** The paper's: train on all LLMs but one and test on that one. The question was seen, with other responses. */
    UNSEEN_LLM("unseen-llm", "train on the responses of all LLMs but one, test on that one's"),
    /** Harder, and closer to real use: the question is held out as well. */
    UNSEEN_LLM_AND_QUESTION("unseen-llm-and-question", "the same, with the tested questions held out as well"),
    /** The question is held out, and no LLM: how a model does on new questions to the same LLMs. */
    UNSEEN_QUESTION("unseen-question", "train on some questions with the responses of all LLMs, test on the others");

    private final String id;
    private final String summary;

    Protocol(String id, String summary) {
        this.id = id;
        this.summary = summary;
    }

    /** Returns the protocols that hold LLMs out: those of the published results. */
    public static List<Protocol> ofLlms() {
        return List.of(UNSEEN_LLM, UNSEEN_LLM_AND_QUESTION);
    }

    /** Returns the name in options and reports. */
    @JsonValue
    public String id() {
        return id;
    }

    /** Returns a description for people. */
    public String summary() {
        return summary;
    }
}
