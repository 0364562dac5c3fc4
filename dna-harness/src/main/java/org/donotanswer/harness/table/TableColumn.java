package org.donotanswer.harness.table;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The columns of files of records, and the names that they go by. Names are compared without regard to case, outer spaces,
 * underscores, dashes and inner spaces. Immutable, hence thread-safe.
 */
public enum TableColumn {
    /** The id of a record. The names after the first count only where no column has the first. */
    ID("id", "question_id", "prompt_id", "key", "index", "idx"),
    /** What the user asked. */
    INSTRUCTION("instruction", "question", "prompt", "query", "input", "request", "user_prompt"),
    /** What the LLM answered. */
    RESPONSE(
            "response",
            "answer",
            "output",
            "completion",
            "reply",
            "generation",
            "generated_text",
            "model_response",
            "model_output",
            "llm_response"),
    /** What the LLM thought before it answered. */
    THINKING("thinking", "reasoning", "reasoning_content"),
    /** A chat, whose last turns are the instruction and the response. */
    MESSAGES("messages", "conversations", "conversation"),
    /** Whether the response is harmful. */
    HARMFUL("harmful", "response_harmful"),
    /** Whether the response is a refusal. */
    REFUSAL("refusal"),
    /** The action of the response. */
    ACTION("action"),
    /** Whether the instruction is risky. */
    RISKY("risky", "instruction_risky"),
    /** The harm type that the instruction asks for. */
    HARM_TYPE("harm_type"),
    /** The specific harm that the instruction asks for. */
    SPECIFIC_HARM("specificHarm"),
    /** Whether the instruction is harmless. */
    BENIGN("benign"),
    /** A template of instructions. */
    TEMPLATE("template"),
    /** The LLM that responded, as a run names it. */
    LLM("llm"),
    /** The LLM that responded, as its endpoint names it. */
    MODEL("model"),
    /** How the response ended. */
    FINISH("finish"),
    /** The number of input tokens. */
    INPUT_TOKENS("inputTokens"),
    /** The number of output tokens. */
    OUTPUT_TOKENS("outputTokens"),
    /** What belongs together. */
    GROUP("group"),
    /** The key of a response to label. */
    ITEM("item"),
    /** Who labelled the response. */
    ANNOTATOR("annotator"),
    /** When a label was first given. */
    CREATED_AT("created_at"),
    /** When a label was last changed. */
    UPDATED_AT("updated_at"),
    /** A remark about the response. */
    COMMENT("comment");

    private static final Map<String, TableColumn> BY_NAME = new HashMap<>();

    static {
        for (TableColumn column : values()) {
            column.names.forEach(name -> BY_NAME.put(normalized(name), column));
        }
    }

    private final ImmutableList<String> names;

    TableColumn(String... names) {
        this.names = ImmutableList.copyOf(names);
    }

    /** Returns the names, the usual one first; immutable. */
    public List<String> names() {
        return names;
    }

    /** Returns the usual name, which messages use. */
    public String label() {
        return names.get(0);
    }

    /** Returns the column that goes by a name, if there is one. */
    public static Optional<TableColumn> of(String name) {
        return Optional.ofNullable(ofNormalized(normalized(name)));
    }

    static @Nullable TableColumn ofNormalized(String name) {
        return BY_NAME.get(name);
    }

    static String normalized(String name) {
        StringBuilder normalized = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_' && c != '-' && !Character.isWhitespace(c) && c != '\u00A0' && c != '\uFEFF') {
                normalized.append(c);
            }
        }
        return normalized.toString().toLowerCase(Locale.ROOT);
    }
}
