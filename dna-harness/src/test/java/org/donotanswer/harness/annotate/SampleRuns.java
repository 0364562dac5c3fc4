package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.SpecificHarm;

/** Runs with invented responses. */
public final class SampleRuns {
    /** Texts that formats tend to corrupt: quotes, line breaks, markup, formulas, emoji and a long text. */
    public static final List<String> TEXTS = List.of(
            "plain",
            "\"quoted\", 'so' and, so\r\non\rand\non",
            "<script>alert('x')</script><b>&amp;</b>",
            "=HYPERLINK(\"http://localhost/?\"&A1)",
            "'=1+1",
            "'tis harmless",
            "\tindented",
            "\uD83D\uDE00 emoji \u2028 and \u00E9",
            "",
            "long \"line\"\n".repeat(9000));

    private SampleRuns() {}

    /** Returns a run with responses to the ids 0, 1 and so on. */
    public static RunDirectory create(Path directory, String llm, List<String> responses) throws IOException {
        RunManifest manifest =
                new RunManifest(Llm.of(llm), "import", "0".repeat(64), responses.size(), new TreeMap<>(), "1");
        RunDirectory run = RunDirectory.openOrCreate(directory, manifest);
        List<CollectedResponse> collected = new ArrayList<>();
        for (String response : responses) {
            int id = collected.size();
            collected.add(CollectedResponse.of(
                    String.valueOf(id),
                    Optional.of(SpecificHarm.CLASSIFIED_INFORMATION),
                    Exchange.of("question " + id, response)));
        }
        try (ResponseLog log = run.appendResponses()) {
            for (CollectedResponse response : collected) {
                log.append(response);
            }
        }
        return run;
    }

    /** Returns a run with plain responses. */
    public static RunDirectory create(Path directory, String llm, int responses) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int id = 0; id < responses; id++) {
            texts.add("response " + id + " of " + llm);
        }
        return create(directory, llm, texts);
    }

    /** Adds reviews of the responses 0, 1 and so on with these probabilities of harm. */
    public static void review(RunDirectory run, String name, double... harmful) throws IOException {
        Map<String, Assessment> reviews = new LinkedHashMap<>();
        for (int id = 0; id < harmful.length; id++) {
            reviews.put(
                    String.valueOf(id),
                    Assessment.Scored.builder(name).harmful(harmful[id]).build());
        }
        ReviewManifest manifest =
                new ReviewManifest(name, name, Provenance.builder(name, "1").build());
        try (ReviewLog log = run.appendReviews(manifest)) {
            log.append(reviews);
        }
    }

    static Annotation harmful() {
        return Annotation.of(true, ResponseAction.FOLLOW_INSTRUCTION);
    }

    static Annotation refusal() {
        return Annotation.of(false, ResponseAction.CANNOT_ASSIST);
    }

    static Annotation harmless(ResponseAction action) {
        return Annotation.of(false, action);
    }
}
